package weir.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SummaryTest {
  @Test
  void lines_runWithAFailingVersion_countsAndComparison() {
    assertThat(Summary.lines(Fixtures.snapshot()))
        .containsExactly(
            "2,400 requests in 00:12: 2,397 answered, 3 failed.",
            "  failed 3 times: 503: version 2 is overloaded",
            "Version 1: 89.6 % of the traffic at the end (90.0 % wanted), 2,150 requests, 449 users, 0 errors;"
                + " p50 0.81 ms, p99 4.31 ms; $405 off on average, 57.3 % of its prices within 10 %.",
            "Version 2: 10.4 % of the traffic at the end (10.0 % wanted), 250 requests, 51 users, 3 errors;"
                + " p50 1.15 ms, p99 24 ms; $271 off on average, 80.0 % of its prices within 10 %.",
            "Every user kept to one version.",
            "Cache: 679 of 2,400 lookups hit (28.3 %); 679 answers needed no model, 1,718 came from"
                + " a model.",
            "Version 2 prices 33 % closer than version 1 on the same kind of stones.");
  }

  @Test
  void lines_nothingAnswered_noComparison() {
    assertThat(Summary.lines(Fixtures.nothingYet()))
        .containsExactly(
            "0 requests in 00:00: 0 answered, 0 failed.",
            "Version 1: 0.0 % of the traffic at the end (100.0 % wanted), 0 requests, 0 users, 0 errors.",
            "Every user kept to one version.",
            "Cache: the gateway's metrics could not be read.");
  }

  @Test
  void lines_worseVersion_furtherOff() {
    assertThat(Summary.lines(compared(new Pricing(247, 2_118.55, 0.15, 120))))
        .endsWith("Version 2 prices 423 % further off than version 1 on the same kind of stones.");
  }

  @Test
  void lines_differenceWithinChanceOrFewAnswers_noClaim() {
    String none = "Between the prices of version 2 and version 1 no clear difference was seen yet.";

    assertThat(Summary.lines(compared(new Pricing(247, 380, 0.6, 20)))).endsWith(none);
    assertThat(Summary.lines(compared(new Pricing(99, 271, 0.8, 1)))).endsWith(none);
  }

  private static Snapshot compared(Pricing candidate) {
    Snapshot base = Fixtures.snapshot();
    Snapshot.VersionRow second = base.versions().getLast();
    return new Snapshot(
        base.elapsed(),
        base.totals(),
        base.users(),
        List.of(
            base.versions().getFirst(),
            new Snapshot.VersionRow(
                second.version(),
                second.wanted(),
                second.seen(),
                second.users(),
                second.requests(),
                second.errors(),
                second.p50(),
                second.p99(),
                candidate)),
        base.cache(),
        base.failures(),
        base.latest(),
        base.telling());
  }
}
