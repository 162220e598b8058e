package weir.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Prints one line per snapshot without any escape codes: for logs and pipes. */
final class PlainLines implements Display {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final PrintStream out;
  private final Map<String, String> addresses;
  private int told;

  PlainLines(PrintStream out, DemoPlan plan) {
    this.out = out;
    this.addresses = plan.addresses();
  }

  @Override
  public Duration interval() {
    return INTERVAL;
  }

  @Override
  public void open() {
    addresses.forEach((label, url) -> out.println(label + ": " + url));
    out.flush();
  }

  @Override
  public void show(Snapshot snapshot) {
    List<Snapshot.Told> story = snapshot.telling().told();
    for (Snapshot.Told each : story.subList(Math.min(told, story.size()), story.size())) {
      out.println(Figures.clock(each.at()) + "  * " + each.sentence());
    }
    told = story.size();
    out.println(line(snapshot));
    out.flush();
  }

  @Override
  public void close(List<String> summary) {
    summary.forEach(out::println);
    out.flush();
  }

  static String line(Snapshot now) {
    StringBuilder line =
        new StringBuilder(
            "%s  %s requests/s, %s answered, %s failed"
                .formatted(
                    Figures.clock(now.elapsed()),
                    Figures.whole(now.totals().perSecond()),
                    Figures.count(now.totals().answered()),
                    Figures.count(now.totals().failed())));
    if (now.totals().unsent() > 0) {
      line.append(", ").append(Figures.count(now.totals().unsent())).append(" not sent");
    }
    now.versions().forEach(row -> line.append(" | ").append(version(row)));
    if (now.cache().read()) {
      line.append(" | cache hits ").append(Figures.percent(now.cache().hitShare()));
    }
    if (!now.failures().isEmpty()) {
      line.append(" | most often: ").append(now.failures().getFirst().message());
    }
    return line.toString();
  }

  private static String version(Snapshot.VersionRow row) {
    String text =
        "version %s: %s (%s wanted), %s requests, %s errors"
            .formatted(
                row.version(),
                Figures.percent(row.seen()),
                Figures.percent(row.wanted()),
                Figures.count(row.requests()),
                Figures.count(row.errors()));
    return row.pricing().answers() == 0
        ? text
        : text
            + ", p50 %s, p99 %s, off by %s, %s within 10 %%"
                .formatted(
                    Figures.latency(row.p50()),
                    Figures.latency(row.p99()),
                    Figures.dollars(row.pricing().offBy()),
                    Figures.percent(row.pricing().withinTenPercent()));
  }
}
