package weir.experiment;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the candidates of one model are judged.
 *
 * <p>{@code alpha}: the probability of calling a harmless candidate harmful, over a whole rollout
 * and all gating checks. {@code labelWindow}: feedback counts when its prediction is older. {@code
 * measuredShare}: the part of requests that bypass the cache and are compared; 1 without a cache,
 * 0.2 with one when absent. {@code unitsMax}: units remembered where assignment is sticky. {@code
 * warmUp}: measured requests of the stable variant that set what is slow.
 */
public record ExperimentSettings(
    double alpha,
    Duration labelWindow,
    Optional<Double> measuredShare,
    long unitsMax,
    int warmUp,
    List<Check> checks,
    ShadowTolerance shadow) {
  private static final int CHECKS_MAX = Units.CHECKS_MAX;

  public ExperimentSettings {
    if (!(alpha >= 1e-6 && alpha <= 0.2)) {
      throw new IllegalArgumentException("alpha must lie between 0.000001 and 0.2, not " + alpha);
    }
    if (labelWindow.isNegative() || labelWindow.compareTo(Duration.ofDays(90)) > 0) {
      throw new IllegalArgumentException(
          "label-window must lie between 0s and 90 days, not " + labelWindow);
    }
    if (measuredShare.isPresent() && !(measuredShare.get() > 0 && measuredShare.get() <= 1)) {
      throw new IllegalArgumentException(
          "measured-share must be above 0 and at most 1, not " + measuredShare.get());
    }
    if (unitsMax < 1_000 || unitsMax > 20_000_000) {
      throw new IllegalArgumentException(
          "units-max must lie between 1000 and 20000000, not " + unitsMax);
    }
    if (warmUp < 100 || warmUp > 100_000) {
      throw new IllegalArgumentException("warm-up must lie between 100 and 100000, not " + warmUp);
    }
    checks = List.copyOf(checks);
    if (checks.size() > CHECKS_MAX) {
      throw new IllegalArgumentException(
          "checks must be at most " + CHECKS_MAX + ", not " + checks.size());
    }
    Set<String> names = new HashSet<>();
    for (Check check : checks) {
      if (!names.add(check.name())) {
        throw new IllegalArgumentException("checks must differ, '" + check.name() + "' is twice");
      }
    }
  }

  /** Settings with the default tolerance of shadows. */
  public ExperimentSettings(
      double alpha,
      Duration labelWindow,
      Optional<Double> measuredShare,
      long unitsMax,
      int warmUp,
      List<Check> checks) {
    this(alpha, labelWindow, measuredShare, unitsMax, warmUp, checks, ShadowTolerance.defaults());
  }

  public static ExperimentSettings defaults() {
    return new ExperimentSettings(
        0.01,
        Duration.ofHours(1),
        Optional.empty(),
        1_000_000,
        500,
        List.of(
            Check.Errors.defaults(),
            Check.Timeouts.defaults(),
            Check.InvalidOutputs.defaults(),
            Check.Latency.of(0.95),
            Check.Latency.of(0.99)));
  }

  /** The share of requests to measure, given whether answers are cached. */
  public double measured(boolean cached) {
    return measuredShare.orElse(cached ? 0.2 : 1.0);
  }
}
