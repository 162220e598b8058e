package weir.simulation;

import java.util.ArrayList;
import java.util.List;
import weir.experiment.ExperimentSettings;
import weir.rollout.RolloutSettings;
import weir.rollout.RolloutState;

/** Whole rollouts under the usual settings, 20 requests a second unless said. */
record Journeys(List<SimulatedRollout.End> ends) {
  static final double PER_SECOND = 20;
  private static final int REQUESTS_PER_LOOK = 1_000;
  private static final long REQUESTS_MAX = 5_000_000;

  static final SimulatedRollout.Terms USUAL =
      new SimulatedRollout.Terms(
          RolloutSettings.defaults(),
          ExperimentSettings.defaults(),
          new SimulatedRollout.Pace(PER_SECOND, REQUESTS_PER_LOOK, REQUESTS_MAX));

  static Journeys of(World world, int repetitions, long seed) {
    return of(USUAL, world, repetitions, seed);
  }

  /** Under other settings or at another pace. */
  static Journeys of(SimulatedRollout.Terms terms, World world, int repetitions, long seed) {
    List<SimulatedRollout.End> ends = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      ends.add(new SimulatedRollout(terms, world, seed + i).run());
    }
    return new Journeys(ends);
  }

  Rate promoted() {
    return rate(ends.stream().filter(SimulatedRollout.End::promoted).count());
  }

  /** For harm or failure. */
  Rate rolledBack() {
    return rate(ends.stream().filter(SimulatedRollout.End::rolledBack).count());
  }

  /** Taken back because a step was too long. */
  Rate inconclusive() {
    return rate(
        ends.stream()
            .filter(end ->
                end.state() instanceof RolloutState.RolledBack back
                    && back.because() == RolloutState.Because.INCONCLUSIVE)
            .count());
  }

  /** Still on the way. */
  long held() {
    return ends.stream().filter(end -> !end.state().over()).count();
  }

  private Rate rate(long hits) {
    return new Rate((int) hits, ends.size());
  }

  /** Requests to the end, whatever it was. */
  long quantile(double p) {
    long[] sorted = ends.stream().mapToLong(SimulatedRollout.End::requests).sorted().toArray();
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(p * sorted.length))];
  }

  /** Median requests in each step, over the rollouts that were promoted. */
  long[] medianSteps() {
    List<SimulatedRollout.End> promoted =
        ends.stream().filter(SimulatedRollout.End::promoted).toList();
    int steps = promoted.isEmpty() ? 0 : promoted.getFirst().began().size();
    long[] medians = new long[steps];
    for (int step = 0; step < steps; step++) {
      int index = step;
      long[] lengths =
          promoted.stream()
              .mapToLong(end ->
                  (index + 1 < steps ? end.began().get(index + 1) : end.requests())
                      - end.began().get(index))
              .sorted()
              .toArray();
      medians[step] = lengths.length == 0 ? 0 : lengths[lengths.length / 2];
    }
    return medians;
  }

  /** What the gate said last in the first of them. */
  String words() {
    return ends.getFirst().words();
  }
}
