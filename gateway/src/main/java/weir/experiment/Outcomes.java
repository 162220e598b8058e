package weir.experiment;

import weir.routing.BanditTerms;

/** What one outcome is worth to one feedback check. */
final class Outcomes {
  private static final String REWARD = "reward";
  private static final String LABEL = "label";
  private static final String ACTUAL = "actual";

  private Outcomes() {}

  /** NaN when the outcome says nothing to this goal; higher is better. */
  static double value(BanditTerms.Goal goal, FeedbackOutcome outcome) {
    return switch (goal) {
      case REWARD -> reward(outcome);
      case COST -> -reward(outcome);
      case ACCURACY -> accurate(outcome);
    };
  }

  private static double reward(FeedbackOutcome outcome) {
    return outcome.kind().equals(REWARD) ? outcome.value() : Double.NaN;
  }

  /** NaN when the outcome says nothing to this check. */
  static double value(Check.Feedback check, FeedbackOutcome outcome) {
    return switch (check) {
      case Check.Reward _ -> reward(outcome);
      case Check.AbsoluteError _ -> error(outcome);
      case Check.WithinTolerance tolerance -> {
        double error = error(outcome);
        yield Double.isNaN(error)
            ? error
            : share(error <= tolerance.within() * Math.abs(outcome.value()));
      }
      case Check.Accuracy _ -> accurate(outcome);
    };
  }

  private static double error(FeedbackOutcome outcome) {
    return outcome.kind().equals(ACTUAL) ? Math.abs(outcome.value() - outcome.score()) : Double.NaN;
  }

  private static double accurate(FeedbackOutcome outcome) {
    if (!outcome.kind().equals(LABEL)) {
      return Double.NaN;
    }
    if (!outcome.valueLabel().isEmpty() && !outcome.scoreLabel().isEmpty()) {
      return share(outcome.valueLabel().equals(outcome.scoreLabel()));
    }
    return Double.isNaN(outcome.value()) || Double.isNaN(outcome.score())
        ? Double.NaN
        : share(outcome.value() == outcome.score());
  }

  private static double share(boolean good) {
    return good ? 1 : 0;
  }
}
