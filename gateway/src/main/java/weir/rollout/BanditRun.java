package weir.rollout;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import weir.experiment.BanditEvidence;
import weir.experiment.Check;
import weir.experiment.Experiment;
import weir.experiment.ExperimentSettings;
import weir.experiment.Look;
import weir.journal.FeedbackRow;
import weir.journal.Journal;
import weir.routing.BanditTerms;
import weir.routing.RoutingPolicy;
import weir.routing.Share;

/**
 * A bandit that divides a model's traffic: what its arms earned, and whether they are sound.
 *
 * <p>What they earned is derived from the rows of feedback, by every replica alike; nothing of it
 * is kept. Their health is that of a candidate in a rollout that never grows: each arm is held
 * against the first one. Looking never waits for the journal, {@link #exchange} and {@link #forget}
 * do.
 */
final class BanditRun {
  /** One share more than none: a step that lasts. */
  private static final List<Double> ONE_STEP = List.of(50.0, RolloutSettings.PROMOTION);

  private static final Duration READ_AT_ONCE = Duration.ofHours(1);

  /** From that revision of the model's stream on, the arms had those shares. */
  record Stage(long revision, List<Share> shares, Instant at) {}

  /** A bandit as its model's history has it; the first stage is its beginning. */
  record Begun(String model, ModelPlan plan, BanditTerms terms, List<Stage> stages) {
    long revision() {
      return stages.getFirst().revision();
    }

    Instant at() {
      return stages.getFirst().at();
    }

    List<String> arms() {
      return stages.getFirst().shares().stream().map(Share::version).toList();
    }
  }

  /** An arm as a candidate beside the first one. */
  private record Health(RolloutTerms terms, ExperimentRun run) {}

  private final Journal journal;
  private final Begun begun;
  private final List<Health> healths;
  private final BanditEvidence evidence;
  private final ReentrantLock lock = new ReentrantLock();
  private Instant fedUntil;
  private volatile boolean fed;

  private BanditRun(Journal journal, Begun begun, List<Health> healths) {
    this.journal = journal;
    this.begun = begun;
    this.healths = healths;
    this.evidence = new BanditEvidence(begun.terms());
    this.fedUntil = begun.at();
  }

  static BanditRun open(
      Journal journal, String replica, Begun begun, LongSupplier nanoTime, Runnable onGuard) {
    List<Health> healths = new ArrayList<>();
    String first = begun.arms().getFirst();
    for (String arm : begun.arms().subList(1, begun.arms().size())) {
      String id = "bandit-r%d-%s".formatted(begun.revision(), arm);
      RolloutTerms terms = new RolloutTerms(id, first, arm, id, settings(begun.plan()));
      healths.add(
          new Health(
              terms,
              ExperimentRun.open(
                  journal,
                  replica,
                  healthPlan(begun.plan()),
                  terms,
                  begun.model(),
                  begun.at(),
                  begun.stages().stream().map(stage -> stage(stage, first, arm)).toList(),
                  nanoTime,
                  onGuard)));
    }
    return new BanditRun(journal, begun, healths);
  }

  private static RolloutSettings settings(ModelPlan plan) {
    RolloutSettings set = plan.rollout();
    return new RolloutSettings(
        ONE_STEP, set.stepMin(), set.stepMax(), List.of(), Duration.ZERO, false, set.onDrift());
  }

  /** Health is in the answers; what is told later is what the arms compete for. */
  private static ModelPlan healthPlan(ModelPlan plan) {
    ExperimentSettings set = plan.experiment();
    List<Check> events = set.checks().stream().filter(Check.Event.class::isInstance).toList();
    return new ModelPlan(
        plan.route(),
        plan.explicit(),
        plan.cached(),
        new ExperimentSettings(
            set.alpha(),
            set.labelWindow(),
            set.measuredShare(),
            set.unitsMax(),
            set.warmUp(),
            events,
            set.shadow()),
        plan.rollout());
  }

  private static ExperimentRun.Stage stage(Stage stage, String first, String arm) {
    RoutingPolicy.Bandit shares = new RoutingPolicy.Bandit(stage.shares());
    double mine = shares.probability(arm);
    double both = mine + shares.probability(first);
    return new ExperimentRun.Stage(stage.revision(), 0, both == 0 ? 0 : mine / both, stage.at());
  }

  /** The revision of the model's stream with which it began. */
  long revision() {
    return begun.revision();
  }

  List<Experiment> experiments() {
    return healths.stream().map(health -> health.run().experiment()).toList();
  }

  /** From that revision on the arms have those shares. */
  void tell(Stage stage) {
    String first = begun.arms().getFirst();
    for (Health health : healths) {
      ExperimentRun.Stage told = stage(stage, first, health.terms().candidate());
      health.run().experiment().step(told.step(), told.revision(), told.share(), told.at());
    }
  }

  /** The first arm with a share that fails or does harm. */
  Optional<RolloutEvent.ArmOut> unsound(RoutingPolicy.Bandit now, Instant at) {
    for (Health health : healths) {
      String arm = health.terms().candidate();
      Look look = health.run().look(at);
      RolloutState held =
          new RolloutState.Paused(new RolloutState.Stepping(0, begun.at()), begun.at());
      if (now.probability(arm) > 0
          && Rollout.next(health.terms(), held, look, at) instanceof Decision.Move move
          && move.to() instanceof RolloutState.RolledBack back) {
        return Optional.of(new RolloutEvent.ArmOut(arm, back.because(), back.words(), at));
      }
    }
    return Optional.empty();
  }

  /** The next shares, once the last ones have held for long enough. */
  Optional<RolloutEvent.ArmsMoved> next(RoutingPolicy.Bandit now, Instant movedAt, Instant at) {
    if (!fed || Duration.between(movedAt, at).compareTo(begun.terms().every()) < 0) {
      return Optional.empty();
    }
    lock.lock();
    try {
      return evidence
          .next(now.shares())
          .map(next -> new RolloutEvent.ArmsMoved(next, evidence.words(next), at));
    } finally {
      lock.unlock();
    }
  }

  /** Where the arms stand. */
  String words(RoutingPolicy.Bandit now) {
    lock.lock();
    try {
      return evidence.words(now.shares());
    } finally {
      lock.unlock();
    }
  }

  /** Exchanges the arms' health, and takes in the feedback that matured; call it each second. */
  void exchange(Instant now, boolean leading) {
    for (Health health : healths) {
      health.run().exchange(now, leading);
    }
    feed(now);
  }

  private void feed(Instant now) {
    Instant until =
        now.minus(begun.plan().experiment().labelWindow())
            .minus(ExperimentRun.MATURE_WITHIN)
            .truncatedTo(ChronoUnit.MICROS);
    Instant oldest = now.minus(begun.terms().memory());
    fedUntil = fedUntil.isBefore(oldest) ? oldest : fedUntil;
    while (fedUntil.isBefore(until)) {
      Instant next = fedUntil.plus(READ_AT_ONCE);
      next = next.isBefore(until) ? next : until;
      List<FeedbackRow> rows = journal.feedback(begun.model(), fedUntil, next);
      lock.lock();
      try {
        rows.forEach(row -> evidence.add(ExperimentRun.outcome(row), row.predictedAt()));
        evidence.forget(now);
      } finally {
        lock.unlock();
      }
      fedUntil = next;
    }
    fed = true;
  }

  /** Feedback on predictions made after this is needed. */
  Instant feedbackFrom(Instant now) {
    Instant oldest = now.minus(begun.terms().memory());
    return begun.at().isBefore(oldest) ? oldest : begun.at();
  }

  void forget() {
    healths.forEach(health -> health.run().forget());
  }
}
