package weir.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.demo.Line.Paint;

/**
 * The live picture of a run as lines of text: a pure function of a snapshot and a width.
 *
 * <p>From 100 columns on the versions are a table with bars, from 80 on a table, below that three
 * lines each.
 */
final class Screen {
  private static final int BARS = 100;
  private static final int TABLE = 80;
  private static final int BAR_MAX = 24;
  private static final int FAILURES_SHOWN = 3;
  private static final int TOLD_SHOWN = 6;

  private final String model;
  private final Optional<Duration> duration;
  private final Map<String, String> addresses;
  private final boolean color;

  Screen(DemoPlan plan, boolean color) {
    this.model = plan.target().model();
    this.duration = plan.duration();
    this.addresses = plan.addresses();
    this.color = color;
  }

  /** No line is wider than the width. */
  List<String> lines(Snapshot now, int width) {
    List<Line> lines = new ArrayList<>();
    head(lines, now);
    lines.add(new Line());
    if (width >= TABLE) {
      table(lines, now, width);
    } else {
      now.versions().forEach(row -> stack(lines, row));
    }
    lines.add(new Line());
    telling(lines, now.telling(), width);
    lines.add(Line.of(" cache   ", Paint.FAINT).add(cache(now.cache(), width), Paint.PLAIN));
    lines.add(Line.of(" latest  ", Paint.FAINT).add(now.latest(), Paint.PLAIN));
    now.failures().stream()
        .limit(FAILURES_SHOWN)
        .forEach(failure ->
            lines.add(
                Line.of(" failed  ", Paint.FAINT)
                    .add(Figures.count(failure.count()) + " x " + failure.message(), Paint.BAD)));
    addresses(lines, width);
    return lines.stream().map(line -> line.render(width, color)).toList();
  }

  /** The last sentences of the story, each on as many lines as it needs, and what is waited for. */
  private static void telling(List<Line> lines, Snapshot.Telling telling, int width) {
    List<Snapshot.Told> told = telling.told();
    for (Snapshot.Told each : told.subList(Math.max(0, told.size() - TOLD_SHOWN), told.size())) {
      String label = " " + Figures.clock(each.at()) + "   ";
      for (String part : wrapped(each.sentence(), Math.max(20, width - label.length()))) {
        lines.add(Line.of(label, Paint.FAINT).add(part, Paint.BOLD));
        label = " ".repeat(label.length());
      }
    }
    if (!telling.waiting().isEmpty()) {
      lines.add(Line.of(" waits   ", Paint.FAINT).add(telling.waiting(), Paint.PLAIN));
    }
    if (telling.feedback() > 0) {
      lines.add(
          Line.of(" told    ", Paint.FAINT)
              .add(Figures.count(telling.feedback()) + " real prices as feedback", Paint.PLAIN));
    }
    if (!told.isEmpty()) {
      lines.add(new Line());
    }
  }

  private static List<String> wrapped(String text, int width) {
    List<String> parts = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int cut = space <= 0 ? width : space;
      parts.add(rest.substring(0, cut));
      rest = rest.substring(cut).strip();
    }
    parts.add(rest);
    return parts;
  }

  private void head(List<Line> lines, Snapshot now) {
    Snapshot.Totals totals = now.totals();
    String end = duration.map(time -> " of " + Figures.clock(time)).orElse("   Ctrl-C ends it");
    lines.add(
        Line.of(" Weir demo", Paint.BOLD)
            .add("   " + model + "   " + Figures.clock(now.elapsed()) + end, Paint.PLAIN));
    Line line =
        Line.of(" " + Figures.whole(totals.perSecond()) + " requests/s   ")
            .add(Figures.count(totals.answered()) + " answered   ", Paint.PLAIN)
            .add(
                Figures.count(totals.failed()) + " failed",
                totals.failed() == 0 ? Paint.GOOD : Paint.BAD);
    if (totals.unsent() > 0) {
      line.add("   " + Figures.count(totals.unsent()) + " not sent: too late", Paint.BAD);
    }
    lines.add(line);
    Snapshot.Users users = now.users();
    lines.add(
        Line.of(
            " %s users, %s"
                .formatted(
                    Figures.count(users.total()),
                    users.moved() == 0
                        ? "each has kept to one version"
                        : Figures.count(users.moved()) + " changes of version")));
  }

  private static void table(List<Line> lines, Snapshot now, int width) {
    boolean bars = width >= BARS;
    int bar = Math.min(BAR_MAX, width - 90);
    String space = bars ? "  " + " ".repeat(bar) + "  users" : "";
    lines.add(
        Line.of(
            " version  wanted    seen"
                + space
                + "  requests      p50      p99  errors  off by  within 10%",
            Paint.FAINT));
    for (Snapshot.VersionRow row : now.versions()) {
      Line line = Line.of(" %-7.7s".formatted(row.version()), Paint.BOLD);
      cell(line, 8, Figures.percent(row.wanted()));
      cell(line, 8, Figures.percent(row.seen()));
      if (bars) {
        line.add("  ", Paint.PLAIN);
        bar(line, bar, row);
        cell(line, 7, Figures.count(row.users()));
      }
      cell(line, 10, Figures.count(row.requests()));
      cell(line, 9, Figures.latency(row.p50()));
      cell(line, 9, Figures.latency(row.p99()));
      line.add(pad(8, Figures.count(row.errors())), row.errors() == 0 ? Paint.GOOD : Paint.BAD);
      cell(line, 8, offBy(row));
      cell(line, 12, within(row));
      lines.add(line);
    }
  }

  private static void cell(Line line, int width, String text) {
    line.add(pad(width, text), Paint.PLAIN);
  }

  private static String pad(int width, String text) {
    return " ".repeat(Math.max(1, width - text.length())) + text;
  }

  /** The share seen as a block, with a mark where the share wanted ends. */
  private static void bar(Line line, int length, Snapshot.VersionRow row) {
    int seen = (int) Math.round(row.seen() * length);
    int mark = (int) Math.round(row.wanted() * length);
    for (int i = 0; i < length; i++) {
      if (i == Math.min(mark, length - 1)) {
        line.add("|", Paint.MARK);
      } else {
        line.add(i < seen ? "#" : ".", i < seen ? Paint.BLOCK : Paint.GROUND);
      }
    }
  }

  private static void stack(List<Line> lines, Snapshot.VersionRow row) {
    lines.add(
        Line.of(" version " + row.version(), Paint.BOLD)
            .add(
                "   wanted %s   seen %s"
                    .formatted(Figures.percent(row.wanted()), Figures.percent(row.seen())),
                Paint.PLAIN));
    lines.add(
        Line.of(
                "   %s requests   p50 %s   p99 %s   "
                    .formatted(
                        Figures.count(row.requests()),
                        Figures.latency(row.p50()),
                        Figures.latency(row.p99())))
            .add(
                Figures.count(row.errors()) + " errors",
                row.errors() == 0 ? Paint.GOOD : Paint.BAD));
    lines.add(
        Line.of("   off by %s on average, %s within 10 %%".formatted(offBy(row), within(row))));
  }

  private static String offBy(Snapshot.VersionRow row) {
    return row.pricing().answers() == 0 ? "-" : Figures.dollars(row.pricing().offBy());
  }

  private static String within(Snapshot.VersionRow row) {
    return row.pricing().answers() == 0
        ? "-"
        : Figures.whole(100 * row.pricing().withinTenPercent()) + " %";
  }

  private static String cache(CacheCounts cache, int width) {
    if (!cache.read()) {
      return "the metrics cannot be read";
    }
    String hits =
        "%s of %s hit (%s)"
            .formatted(
                Figures.count(cache.hits()),
                Figures.count(cache.asked()),
                Figures.percent(cache.hitShare()));
    return width < BARS
        ? hits
        : hits
            + ", %s answers without a model, %s by a model"
                .formatted(Figures.count(cache.byCache()), Figures.count(cache.byModel()));
  }

  /** Where labels leave too little room, the addresses stand alone: a cut one is of no use. */
  private void addresses(List<Line> lines, int width) {
    if (!addresses.isEmpty()) {
      lines.add(new Line());
    }
    int label = longest(addresses.keySet()) + 2;
    boolean labelled = 1 + label + longest(addresses.values()) <= width;
    addresses.forEach((name, url) ->
        lines.add(
            Line.of(labelled ? " " + name + " ".repeat(label - name.length()) : " ", Paint.FAINT)
                .add(url, Paint.PLAIN)));
  }

  private static int longest(Collection<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0);
  }
}
