package weir.experiment;

import java.util.Locale;
import java.util.Optional;

/**
 * One question about the candidate. A check that does not gate is shown and decides nothing.
 *
 * <p>{@code tolerable}: an own event rate of the candidate that is fine whatever the stable
 * variant's is. {@code margin}: by how much of the stable's value the candidate may be worse; for
 * events it falls as the share grows unless one is given.
 */
public sealed interface Check {
  /** Unique within an experiment; also what people read. */
  String name();

  boolean gates();

  /** Compares how often something bad happens to a measured request. */
  sealed interface Event extends Check {
    double tolerable();

    Optional<Double> margin();
  }

  /** Compares the means of outcomes that arrive later. */
  sealed interface Feedback extends Check {
    double margin();

    /** The smallest difference that matters, as a share of the stable variant's mean. */
    double smallest();

    boolean higherIsBetter();

    /** Whether it is a share of outcomes. */
    boolean proportion();

    /** Whether 500 outcomes per variant are needed where 100 would do. */
    boolean heavyTailed();
  }

  /** Any failure of the variant itself, timeouts and invalid outputs among them. */
  record Errors(double tolerable, Optional<Double> margin, boolean gates) implements Event {
    public Errors {
      Bounds.event(tolerable, margin);
    }

    static Errors defaults() {
      return new Errors(0.01, Optional.empty(), true);
    }

    @Override
    public String name() {
      return "errors";
    }
  }

  /** Only shown by default: each is an error and a slow answer already. */
  record Timeouts(double tolerable, Optional<Double> margin, boolean gates) implements Event {
    public Timeouts {
      Bounds.event(tolerable, margin);
    }

    static Timeouts defaults() {
      return new Timeouts(0.01, Optional.empty(), false);
    }

    @Override
    public String name() {
      return "timeouts";
    }
  }

  /** Answers that the model's own signature forbids; a defect that other errors could hide. */
  record InvalidOutputs(double tolerable, Optional<Double> margin, boolean gates) implements Event {
    public InvalidOutputs {
      Bounds.event(tolerable, margin);
    }

    static InvalidOutputs defaults() {
      return new InvalidOutputs(0.01, Optional.empty(), true);
    }

    @Override
    public String name() {
      return "invalid outputs";
    }
  }

  /**
   * Requests slower than c, the stable variant's quantile over its warm-up.
   *
   * <p>Without {@code tolerableRate}, twice the stable's own share beyond c and at least 0.03 of
   * the candidate's requests may be slower.
   */
  record Latency(
      double quantile, Optional<Double> tolerableRate, Optional<Double> margin, boolean gates)
      implements Event {
    public Latency {
      if (!(quantile >= 0.5 && quantile <= 0.999)) {
        throw new IllegalArgumentException(
            "quantile must lie between 0.5 and 0.999, not " + quantile);
      }
      Bounds.event(tolerableRate.orElse(Bounds.TOLERABLE_MAX), margin);
    }

    static Latency defaults() {
      return of(0.95);
    }

    static Latency of(double quantile) {
      return new Latency(quantile, Optional.empty(), Optional.empty(), true);
    }

    @Override
    public double tolerable() {
      return tolerableRate.orElse(Math.max(0.03, 2 * (1 - quantile)));
    }

    @Override
    public String name() {
      String percent = String.format(Locale.ROOT, "%.1f", 100 * quantile);
      return "latency p"
          + (percent.endsWith(".0") ? percent.substring(0, percent.length() - 2) : percent);
    }
  }

  /** Which way a reward points. */
  enum Better {
    HIGHER,
    LOWER
  }

  /** The mean of feedback of the kind {@code reward}. */
  record Reward(Better better, double margin, double smallest, boolean heavyTailed, boolean gates)
      implements Feedback {
    public Reward {
      Bounds.feedback(margin, smallest);
    }

    static Reward defaults() {
      return new Reward(Better.HIGHER, 0.02, 0.05, false, true);
    }

    @Override
    public String name() {
      return "reward";
    }

    @Override
    public boolean higherIsBetter() {
      return better == Better.HIGHER;
    }

    @Override
    public boolean proportion() {
      return false;
    }
  }

  /** The mean of |actual − score|. */
  record AbsoluteError(double margin, double smallest, boolean heavyTailed, boolean gates)
      implements Feedback {
    public AbsoluteError {
      Bounds.feedback(margin, smallest);
    }

    static AbsoluteError defaults() {
      return new AbsoluteError(0.02, 0.05, false, true);
    }

    @Override
    public String name() {
      return "absolute error";
    }

    @Override
    public boolean higherIsBetter() {
      return false;
    }

    @Override
    public boolean proportion() {
      return false;
    }
  }

  /** The share of scores that lie within the part {@code within} of the actual value. */
  record WithinTolerance(double within, double margin, double smallest, boolean gates)
      implements Feedback {
    public WithinTolerance {
      Bounds.feedback(margin, smallest);
      if (!(within > 0 && within <= 1)) {
        throw new IllegalArgumentException("within must be above 0 and at most 1, not " + within);
      }
    }

    static WithinTolerance defaults() {
      return new WithinTolerance(0.1, 0.02, 0.05, true);
    }

    @Override
    public String name() {
      return "within tolerance";
    }

    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public boolean proportion() {
      return true;
    }

    @Override
    public boolean heavyTailed() {
      return false;
    }
  }

  /** The share of labels that are the one the variant gave. */
  record Accuracy(double margin, double smallest, boolean gates) implements Feedback {
    public Accuracy {
      Bounds.feedback(margin, smallest);
    }

    static Accuracy defaults() {
      return new Accuracy(0.02, 0.05, true);
    }

    @Override
    public String name() {
      return "accuracy";
    }

    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public boolean proportion() {
      return true;
    }

    @Override
    public boolean heavyTailed() {
      return false;
    }
  }

  /** The mean score, which is neither better nor worse for being higher: only shown. */
  record Score() implements Check {
    @Override
    public String name() {
      return "score";
    }

    @Override
    public boolean gates() {
      return false;
    }
  }
}
