"""Draws latencies against load as SVG: both axes logarithmic, light and dark."""

import html
import math

WIDTH, HEIGHT = 860, 480
LEFT, RIGHT, TOP, BOTTOM = 64, 120, 62, 62
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 } .note { font-size: 11px; fill: #59636e }
  .back { fill: #ffffff } .grid { stroke: #d1d9e0; stroke-width: 1 } .axis { stroke: #59636e; stroke-width: 1 }
  .line { fill: none; stroke-width: 2.2 } .p99 { stroke-dasharray: 6 4 }
  .c0 { stroke: #0969da } .c1 { stroke: #1a7f37 } .c2 { stroke: #bc4c00 } .c3 { stroke: #8250df } .c4 { stroke: #cf222e } .c5 { stroke: #59636e }
  .t0 { fill: #0969da } .t1 { fill: #1a7f37 } .t2 { fill: #bc4c00 } .t3 { fill: #8250df } .t4 { fill: #cf222e } .t5 { fill: #59636e }
  .key { stroke: #1f2328 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note { fill: #9198a1 } .back { fill: #0d1117 } .grid { stroke: #2f363e } .axis { stroke: #9198a1 }
    .c0 { stroke: #58a6ff } .c1 { stroke: #3fb950 } .c2 { stroke: #f0883e } .c3 { stroke: #bc8cff } .c4 { stroke: #ff7b72 } .c5 { stroke: #9198a1 }
    .t0 { fill: #58a6ff } .t1 { fill: #3fb950 } .t2 { fill: #f0883e } .t3 { fill: #bc8cff } .t4 { fill: #ff7b72 } .t5 { fill: #9198a1 }
    .key { stroke: #e6edf3 }
  }"""


def latency(title, note, points):
    """The picture of {system: [(requests/s, p50 ms, p99 ms, ...), ...]}."""
    every = [point for measured in points.values() for point in measured]
    across = Scale([point[0] for point in every], LEFT, WIDTH - RIGHT)
    up = Scale([value for point in every for value in point[1:3]], HEIGHT - BOTTOM, TOP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(title)}">',
             f"<style>{STYLE}\n</style>", f'<rect class="back" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
             f'<text class="title" x="{LEFT}" y="26">{html.escape(title)}</text>', *key(), *axes(across, up),
             f'<text class="note" x="{LEFT}" y="{HEIGHT - 10}">{html.escape(note)}</text>']
    ends = []
    for number, (name, measured) in enumerate(points.items()):
        for place, style in ((1, "p50"), (2, "p99")):
            path = " ".join(f"{across.at(point[0]):.1f},{up.at(point[place]):.1f}" for point in measured)
            parts.append(f'<polyline class="line {style} c{number}" points="{path}"><title>{html.escape(name)} {style}</title></polyline>')
            parts += [f'<circle class="t{number}" cx="{across.at(point[0]):.1f}" cy="{up.at(point[place]):.1f}" r="2.6">'
                      f"<title>{html.escape(name)}: {point[0]}/s, {style} {point[place]:.2f} ms</title></circle>" for point in measured]
            ends.append([up.at(measured[-1][place]), across.at(measured[-1][0]), f"{name} {style}", number])
    return "\n".join(parts + labels(ends) + ["</svg>", ""])


class Scale:
    """Values on a logarithmic axis between the powers of ten, or their doubles and fives, around them."""

    def __init__(self, values, begin, end):
        self.low, self.high = self.rounded(min(values), False), self.rounded(max(values), True)
        self.begin, self.end = begin, end

    @staticmethod
    def rounded(value, upwards):
        power = 10 ** math.floor(math.log10(value))
        steps = [power * each for each in (1, 2, 5, 10)]
        return min(each for each in steps if each >= value) if upwards else max(each for each in steps if each <= value)

    def at(self, value):
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.begin + share * (self.end - self.begin)

    def marks(self):
        power = 10 ** math.floor(math.log10(self.low))
        while power <= self.high:
            yield from (power * each for each in (1, 2, 5) if self.low * 0.999 <= power * each <= self.high * 1.001)
            power *= 10


def axes(across, up):
    parts = []
    for mark in up.marks():
        y = up.at(mark)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{mark:g}</text>')
    for mark in across.marks():
        x = across.at(mark)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{mark:,.0f}</text>')
    parts.append(f'<text x="{LEFT - 48}" y="{TOP - 12}">ms</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - BOTTOM + 36}" text-anchor="middle">requests per second, asked at even distances</text>')
    parts.append(f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>')
    return parts


def key():
    x = WIDTH - RIGHT - 150
    return [f'<line class="line key" x1="{x}" x2="{x + 28}" y1="22" y2="22"/><text x="{x + 34}" y="26">p50</text>',
            f'<line class="line p99 key" x1="{x + 76}" x2="{x + 104}" y1="22" y2="22"/><text x="{x + 110}" y="26">p99</text>']


def labels(ends):
    """The name of each line behind its end, moved apart where two would meet."""
    parts, taken = [], []
    for y, x, words, number in sorted(ends):
        right = x + 9 + 7 * len(words)
        while any(abs(y - other) < 14 and x < end and begin < right for other, begin, end in taken):
            y += 2
        taken.append((y, x, right))
        parts.append(f'<text class="t{number}" x="{x + 8:.1f}" y="{y + 4:.1f}">{html.escape(words)}</text>')
    return parts
