// Line charts of one model's versions, drawn by uPlot; lines differ by dash as well as by colour.

import uPlot from "./uPlot.esm.js";
import { byId, element, fill } from "./element.js";
import { figure, millis, percent } from "./figures.js";

const HEIGHT = 150;
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const COLOURS = 4;
const CHARTS = [
  { figure: "share", title: "Share of the split traffic", show: percent, top: 1 },
  { figure: "rate", title: "Requests per second", show: figure },
  { figure: "p50", title: "Latency, p50", show: millis },
  { figure: "p99", title: "Latency, p99", show: millis },
  { figure: "errors", title: "Errors", show: percent, least: 0.01 },
];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class Charts {
  #drawn = [];
  #for = "";

  constructor() {
    const again = () => (this.#for = "");
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    new ResizeObserver(() => this.#drawn.forEach(({ plot, figure }) => plot.setSize(size(figure)))).observe(byId("charts"));
  }

  show(model, history) {
    const versions = [...history.lines.keys()];
    const key = JSON.stringify([model, versions]);
    if (this.#for !== key) {
      this.#for = key;
      this.#draw(versions);
    }
    for (const { plot, chart, figure } of this.#drawn) {
      const lines = versions.map((version) => history.lines.get(version).map((each) => each?.[chart.figure] ?? null));
      plot.setData([history.times, ...lines]);
      const now = versions.map((version) => `version ${version} ${chart.show(history.latest(version)[chart.figure])}`);
      figure.querySelector(".plot").setAttribute("aria-label", `${chart.title}: now ${now.join(", ")}`);
    }
  }

  #draw(versions) {
    this.#drawn.forEach(({ plot }) => plot.destroy());
    const figures = CHARTS.map((chart) =>
      element("figure", {}, element("figcaption", {}, chart.title), element("div", { class: "plot", role: "img" })),
    );
    byId("charts").replaceChildren(...figures);
    this.#drawn = CHARTS.map((chart, i) => ({
      chart,
      figure: figures[i],
      plot: new uPlot(options(chart, versions, figures[i]), [[]], figures[i].querySelector(".plot")),
    }));
    fill(byId("legend"), [versions, colour("--line-0")], () => versions.map(sample));
  }
}

function size(figure) {
  return { width: Math.max(200, figure.clientWidth), height: HEIGHT };
}

function options(chart, versions, figure) {
  const axis = { stroke: colour("--faint"), grid: { stroke: colour("--rule"), width: 1 }, ticks: { show: false } };
  return {
    ...size(figure),
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, low, high) => [0, chart.top ?? Math.max(high ?? 0, chart.least ?? 1e-3) * 1.1] } },
    axes: [
      { ...axis, values: [[60, "{HH}:{mm}", null, null, null, null, null, null, 1], [1, "{HH}:{mm}:{ss}", null, null, null, null, null, null, 1]], space: 70 },
      { ...axis, size: 62, values: (_, splits) => splits.map((value) => chart.show(value)) },
    ],
    series: [{}, ...versions.map((version, i) => ({ label: version, stroke: line(i), dash: DASHES[i % DASHES.length], width: 2, points: { show: false } }))],
  };
}

const line = (i) => colour(`--line-${i % COLOURS}`);

function sample(version, i) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ width: 40, height: 8, "aria-hidden": "true" })) {
    svg.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries({ d: "M0 4H40", stroke: line(i), "stroke-width": 3, "stroke-dasharray": DASHES[i % DASHES.length].join(" ") })) {
    path.setAttribute(name, value);
  }
  svg.append(path);
  return element("li", {}, svg, ` version ${version}`);
}
