package weir.experiment;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import weir.experiment.ShadowReport.Labels;
import weir.experiment.ShadowReport.Quantiles;
import weir.stats.RateBound;

/**
 * What counts of copies mean: pure.
 *
 * <p>{@code mismatched} of the {@code answered} differ beyond tolerance and noise. Every bound is a
 * {@link RateBound} at level {@value #ALPHA}, which holds however often one looks; a lower bound of
 * failures is an upper bound of successes.
 */
record ShadowJudge(long answered, long mismatched, long failed) {
  static final long SAME_MIN = 300;
  static final long COPIES_MIN = 100;
  static final int FAILED_IN_A_ROW = 20;

  private static final double ALPHA = 0.01;
  private static final double TOLERABLE = 0.01;
  private static final double FAILING = 0.05;
  private static final double FINE = 0.1;
  private static final long COPIES_SEARCHED = 1L << 24;

  long copies() {
    return answered + failed;
  }

  double failedHigh() {
    return upper(failed, copies());
  }

  double failedLow() {
    return 1 - upper(answered, copies());
  }

  double mismatchHigh() {
    return upper(mismatched, answered);
  }

  double mismatchLow() {
    return 1 - upper(answered - mismatched, answered);
  }

  private static double upper(long events, long trials) {
    return trials == 0 ? 1 : new RateBound(events, trials).upper(ALPHA);
  }

  ShadowVerdict verdict(
      Quantiles difference, Labels labels, Map<String, Long> reasons, String incomparable) {
    if (failedLow() > TOLERABLE) {
      return new ShadowVerdict.Failing(
          "at least %s of the copies fail: %s".formatted(percent(failedLow()), failures(reasons)));
    }
    if (mismatchLow() > TOLERABLE) {
      return new ShadowVerdict.Different(different(difference, labels, incomparable));
    }
    if (answered >= SAME_MIN && mismatchHigh() <= TOLERABLE) {
      return new ShadowVerdict.Same(
          "%,d of %,d answers differ, at most %s of all"
              .formatted(mismatched, answered, percent(mismatchHigh())));
    }
    return new ShadowVerdict.Undecided(
        "%,d of %,d answers differ, which may be up to %s of all where %s are tolerable; %s"
            .formatted(
                mismatched, answered, percent(mismatchHigh()), percent(TOLERABLE), missing()));
  }

  private String different(Quantiles difference, Labels labels, String incomparable) {
    StringBuilder words =
        new StringBuilder(
            "%s of %,d answers differ"
                .formatted(percent((double) mismatched / answered), answered));
    if (difference.count() > 0) {
      words.append(
          String.format(
              Locale.ROOT,
              ", by %.4g at the median, %.4g at p99, %.4g at most",
              difference.p50(),
              difference.p99(),
              difference.max()));
    }
    if (labels.compared() > 0) {
      words.append("; labels agree in " + percent((double) labels.agreed() / labels.compared()));
    }
    return words.append(incomparable.isEmpty() ? "" : "; " + incomparable).toString();
  }

  /** How many more answers it takes when as large a part of them differs as up to now. */
  private String missing() {
    double rate = answered == 0 ? 0 : (double) mismatched / answered;
    for (long trials = SAME_MIN; trials < COPIES_SEARCHED; trials += Math.max(1, trials / 50)) {
      if (trials > answered && upper(Math.round(rate * trials), trials) <= TOLERABLE) {
        return "needs about %,d more".formatted(trials - answered);
      }
    }
    return "more answers alone may not settle it";
  }

  String advice(ShadowVerdict verdict, Quantiles stable, Quantiles shadow) {
    String latency =
        stable.count() == 0 || shadow.count() == 0
            ? "latency is not known yet"
            : String.format(
                Locale.ROOT,
                "it computes %.2f ms at the median where the stable version takes %.2f ms",
                1e3 * shadow.p50(),
                1e3 * stable.p50());
    return switch (verdict) {
      case ShadowVerdict.Same _ ->
          "safe to canary: it answers as the stable version does; " + latency;
      case ShadowVerdict.Different _ ->
          "it answers, differently: canary it if it is meant to differ; " + latency;
      case ShadowVerdict.Failing _ -> "not safe to canary: it fails";
      case ShadowVerdict.Undecided _ -> "wait; " + latency;
    };
  }

  ShadowLook look(int failedInARow, Map<String, Long> reasons) {
    String words = "%,d copies, %,d failed".formatted(copies(), failed);
    if (failedInARow >= FAILED_IN_A_ROW) {
      return new ShadowLook(
          Optional.of("the last %d copies failed: %s".formatted(failedInARow, failures(reasons))),
          Optional.empty(),
          words);
    }
    if (failedLow() > FAILING) {
      return new ShadowLook(
          Optional.of(
              "at least %s of the copies fail: %s"
                  .formatted(percent(failedLow()), failures(reasons))),
          Optional.empty(),
          words);
    }
    if (copies() < COPIES_MIN) {
      return new ShadowLook(
          Optional.empty(),
          Optional.of("%d of %d copies were answered".formatted(copies(), COPIES_MIN)),
          words);
    }
    Optional<String> missing =
        failedHigh() < FINE
            ? Optional.empty()
            : Optional.of(
                "up to %s of the copies may fail (%s), below %s is asked for"
                    .formatted(percent(failedHigh()), words, percent(FINE)));
    return new ShadowLook(Optional.empty(), missing, words);
  }

  private String failures(Map<String, Long> reasons) {
    return "%,d of %,d %s".formatted(failed, copies(), reasons);
  }

  private static String percent(double rate) {
    return String.format(Locale.ROOT, "%.3g %%", 100 * rate);
  }
}
