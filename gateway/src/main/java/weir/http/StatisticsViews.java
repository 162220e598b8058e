package weir.http;

import weir.observation.VariantStatistics;
import weir.oip.StatisticsView;
import weir.oip.StatisticsView.Tally;

/** Says a variant's statistics in the shape that Triton's clients read. */
final class StatisticsViews {
  private StatisticsViews() {}

  static StatisticsView of(String version, VariantStatistics statistics) {
    return new StatisticsView(
        version,
        statistics.lastInferenceMillis(),
        statistics.inferenceCount(),
        statistics.executionCount(),
        tally(statistics.success()),
        tally(statistics.fail()),
        tally(statistics.queue()),
        Tally.NONE,
        tally(statistics.computeInfer()),
        Tally.NONE,
        tally(statistics.cacheHit()),
        tally(statistics.cacheMiss()));
  }

  private static Tally tally(VariantStatistics.Total total) {
    return new Tally(total.count(), total.nanos());
  }
}
