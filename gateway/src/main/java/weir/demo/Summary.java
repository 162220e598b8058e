package weir.demo;

import java.util.ArrayList;
import java.util.List;

/** What a finished run showed, in sentences: a pure function of its last snapshot. */
final class Summary {
  private Summary() {}

  static List<String> lines(Snapshot end) {
    List<String> lines = new ArrayList<>();
    Snapshot.Totals totals = end.totals();
    lines.add(
        "%s requests in %s: %s answered, %s failed."
            .formatted(
                Figures.count(totals.ended()),
                Figures.clock(end.elapsed()),
                Figures.count(totals.answered()),
                Figures.count(totals.failed())));
    if (totals.unsent() > 0) {
      lines.add(
          "%s more were due but not sent, because no worker was free in time."
              .formatted(Figures.count(totals.unsent())));
    }
    end.failures()
        .forEach(failure ->
            lines.add(
                "  failed %s times: %s"
                    .formatted(Figures.count(failure.count()), failure.message())));
    end.telling()
        .told()
        .forEach(told -> lines.add("%s  %s".formatted(Figures.clock(told.at()), told.sentence())));
    end.versions().forEach(row -> lines.add(version(row)));
    lines.add(users(end.users()));
    lines.add(cache(end.cache()));
    if (end.telling().told().isEmpty()) {
      comparison(end.versions(), lines);
    }
    return lines;
  }

  private static String version(Snapshot.VersionRow row) {
    String share =
        "Version %s: %s of the traffic at the end (%s wanted), %s requests, %s users, %s errors"
            .formatted(
                row.version(),
                Figures.percent(row.seen()),
                Figures.percent(row.wanted()),
                Figures.count(row.requests()),
                Figures.count(row.users()),
                Figures.count(row.errors()));
    if (row.pricing().answers() == 0) {
      return share + ".";
    }
    return share
        + "; p50 %s, p99 %s; %s off on average, %s of its prices within 10 %%."
            .formatted(
                Figures.latency(row.p50()),
                Figures.latency(row.p99()),
                Figures.dollars(row.pricing().offBy()),
                Figures.percent(row.pricing().withinTenPercent()));
  }

  private static String users(Snapshot.Users users) {
    return users.moved() == 0
        ? "Every user kept to one version."
        : "Users changed version %s times.".formatted(Figures.count(users.moved()));
  }

  private static String cache(CacheCounts cache) {
    return cache.read()
        ? "Cache: %s of %s lookups hit (%s); %s answers needed no model, %s came from a model."
            .formatted(
                Figures.count(cache.hits()),
                Figures.count(cache.asked()),
                Figures.percent(cache.hitShare()),
                Figures.count(cache.byCache()),
                Figures.count(cache.byModel()))
        : "Cache: the gateway's metrics could not be read.";
  }

  /**
   * Every other version against the first: traffic is divided at random, so stones are alike. Not
   * so in a story, where versions answer at different times and the gateway does the comparing.
   */
  private static void comparison(List<Snapshot.VersionRow> rows, List<String> lines) {
    for (Snapshot.VersionRow row : rows.stream().skip(1).toList()) {
      Pricing first = rows.getFirst().pricing();
      Pricing other = row.pricing();
      if (first.answers() > 0 && other.answers() > 0) {
        lines.add(comparison(rows.getFirst(), row));
      }
    }
  }

  private static String comparison(Snapshot.VersionRow first, Snapshot.VersionRow other) {
    Pricing stable = first.pricing();
    Pricing candidate = other.pricing();
    if (!candidate.clearlyDiffersFrom(stable)) {
      return "Between the prices of version %s and version %s no clear difference was seen yet."
          .formatted(other.version(), first.version());
    }
    boolean closer = candidate.offBy() < stable.offBy();
    return "Version %s prices %s %% %s than version %s on the same kind of stones."
        .formatted(
            other.version(),
            Figures.whole(100 * Math.abs(1 - candidate.offBy() / stable.offBy())),
            closer ? "closer" : "further off",
            first.version());
  }
}
