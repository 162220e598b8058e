package weir.drift;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How drift is watched for one model.
 *
 * <p>{@code window}: whole seconds from 5 s, from a minute on whole minutes, from an hour on whole
 * hours up to a day. {@code samplesMin}: rows that each of two windows needs before anything is
 * said. {@code batchRowsMax}: rows of one request that count. {@code falseAlarmsPerWeek}: the alarm
 * budget of one variant, shared by all of its signals and windows. {@code featuresMax}: signals
 * watched, the first ones of the baseline.
 */
public record DriftSettings(
    Source baseline,
    Duration window,
    long samplesMin,
    int batchRowsMax,
    double falseAlarmsPerWeek,
    Threshold psi,
    Threshold share,
    int featuresMax) {

  /** Where the baseline comes from. */
  public sealed interface Source {
    /** Drift is not watched. */
    record None() implements Source {}

    /** A file that {@code ops/weir baseline} made. */
    record File(Path path) implements Source {}

    /** The first rows that the stable variant serves. */
    record Learned(int rows) implements Source {
      public Learned {
        if (rows < 1_000 || rows > 100_000) {
          throw new IllegalArgumentException(
              "learned must lie between 1000 and 100000 rows, not " + rows);
        }
      }
    }
  }

  /** From where an effect is worth a warning, and from where it is drift. */
  public record Threshold(double warn, double drift) {
    public Threshold {
      if (!(warn > 0 && drift >= warn && drift <= 10)) {
        throw new IllegalArgumentException(
            "warn must be above 0, drift at least warn and at most 10, not " + warn + ", " + drift);
      }
    }
  }

  private static final Duration WINDOW_MIN = Duration.ofSeconds(5);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  public DriftSettings {
    Duration unit = unit(window);
    if (window.compareTo(WINDOW_MIN) < 0
        || window.compareTo(Duration.ofDays(1)) > 0
        || window.toNanos() % unit.toNanos() != 0) {
      throw new IllegalArgumentException(
          "window must be whole seconds from 5s, whole minutes from 1m or whole hours from 1h to 24h, not "
              + window);
    }
    if (samplesMin < 100 || samplesMin > 1_000_000) {
      throw new IllegalArgumentException(
          "samples-min must lie between 100 and 1000000, not " + samplesMin);
    }
    if (batchRowsMax < 1 || batchRowsMax > 10_000) {
      throw new IllegalArgumentException(
          "batch-rows-max must lie between 1 and 10000, not " + batchRowsMax);
    }
    if (!(falseAlarmsPerWeek > 0 && falseAlarmsPerWeek <= 100)) {
      throw new IllegalArgumentException(
          "false-alarms-per-week must be above 0 and at most 100, not " + falseAlarmsPerWeek);
    }
    if (share.drift() > 1) {
      throw new IllegalArgumentException("share.drift must be at most 1, not " + share.drift());
    }
    if (featuresMax < 1 || featuresMax > 10_000) {
      throw new IllegalArgumentException(
          "features-max must lie between 1 and 10000, not " + featuresMax);
    }
  }

  private static Duration unit(Duration window) {
    if (window.compareTo(MINUTE) < 0) {
      return Duration.ofSeconds(1);
    }
    return window.compareTo(HOUR) <= 0 ? MINUTE : HOUR;
  }

  public static DriftSettings defaults() {
    return new DriftSettings(
        new Source.None(),
        HOUR,
        500,
        10,
        0.1,
        new Threshold(0.1, 0.2),
        new Threshold(0.02, 0.05),
        200);
  }

  /** The same with a relative baseline file made absolute from {@code folder}. */
  public DriftSettings resolvedFrom(Path folder) {
    Source source =
        switch (baseline) {
          case Source.File file -> new Source.File(folder.resolve(file.path()).normalize());
          case Source.None _, Source.Learned _ -> baseline;
        };
    return new DriftSettings(
        source, window, samplesMin, batchRowsMax, falseAlarmsPerWeek, psi, share, featuresMax);
  }

  /** The rows that a variant may learn from; 0 when the baseline is not learned. */
  int learnedRows() {
    return switch (baseline) {
      case Source.Learned learned -> learned.rows();
      case Source.None _, Source.File _ -> 0;
    };
  }
}
