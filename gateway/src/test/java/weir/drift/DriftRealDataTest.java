package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The two claims about real data on 50 shuffles; fixed seeds, so each run is the same. */
class DriftRealDataTest {
  private static final int SEEDS = 50;
  private static final int WINDOW = 500;
  private static final int HALF = 26_970;
  private static final float HALF_SD_OF_CARAT = 0.237f;
  private static final Instant END = Instant.parse("2026-01-05T12:00:00Z");

  private static final List<DriftStatus> ALIKE = new ArrayList<>();
  private static final List<DriftStatus> MOVED = new ArrayList<>();

  @BeforeAll
  static void judge() {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Diamonds.Row> rows = Diamonds.shuffled(seed);
      List<Signal> signals = Diamonds.baseline(rows.subList(0, HALF)).signals();
      List<Diamonds.Row> windows = rows.subList(HALF, HALF + 2 * WINDOW);
      ALIKE.add(loudest(signals, windows, 0));
      MOVED.add(loudest(signals, windows, HALF_SD_OF_CARAT));
    }
  }

  @Test
  void judge_randomHalves_alarmsOnAnyFeatureInAtMostTwoPercent() {
    assertThat(ALIKE)
        .filteredOn(status -> status != DriftStatus.OK)
        .hasSizeLessThanOrEqualTo(SEEDS * 2 / 100);
  }

  @Test
  void judge_halfAStandardDeviation_isFound() {
    assertThat(MOVED)
        .filteredOn(status -> status == DriftStatus.DRIFT)
        .hasSizeGreaterThanOrEqualTo(SEEDS * 75 / 100);
    assertThat(MOVED)
        .filteredOn(status -> status == DriftStatus.DRIFT || status == DriftStatus.WARN)
        .hasSizeGreaterThanOrEqualTo(SEEDS * 98 / 100);
  }

  /** What two windows, carat moved, show against signals of other rows. */
  private static DriftStatus loudest(List<Signal> signals, List<Diamonds.Row> rows, float heavier) {
    Layout layout = new Layout(signals);
    DriftJudge judge = new DriftJudge(DriftSettings.defaults(), signals);
    long[] previous = counts(signals, layout, rows.subList(0, WINDOW), heavier);
    long[] current = counts(signals, layout, rows.subList(WINDOW, 2 * WINDOW), heavier);
    DriftStatus loudest = DriftStatus.OK;
    for (int i = 0; i < signals.size(); i++) {
      WindowCounts before = layout.counts(i, previous);
      WindowCounts now = layout.counts(i, current);
      loudest = loudest.or(judge.judge(signals.get(i), before, now, END).status());
    }
    return loudest;
  }

  private static long[] counts(
      List<Signal> signals, Layout layout, List<Diamonds.Row> rows, float heavier) {
    DriftTally tally = new DriftTally(signals, layout, Diamonds.SIGNATURE, 10);
    for (Diamonds.Row row : rows) {
      Diamonds.Row moved = row.heavier(heavier);
      tally.add(moved.inputs(), moved.outputs());
    }
    return tally.snapshot();
  }
}
