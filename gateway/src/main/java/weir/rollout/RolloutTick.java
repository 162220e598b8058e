package weir.rollout;

import java.time.Instant;
import java.util.Optional;
import weir.experiment.Look;
import weir.journal.Lease;
import weir.routing.RoutingPolicy;

/**
 * Looks at every rollout under way and moves it where the evidence says so; waits for nothing.
 *
 * <p>A rollback for failure is everyone's at once. One for harm is the leader's, and anyone's who
 * is cut off from the journal. All else is the leader's, and the journal comes first.
 */
final class RolloutTick {
  private static final String SELF = "weir";

  private final RolloutControl.Around around;
  private final ModelBoard board;
  private final Leadership leadership;
  private final JournalExchange exchange;

  RolloutTick(
      RolloutControl.Around around,
      ModelBoard board,
      Leadership leadership,
      JournalExchange exchange) {
    this.around = around;
    this.board = board;
    this.leadership = leadership;
    this.exchange = exchange;
  }

  /** True when something waits for the journal. */
  boolean tick() {
    return board.locked(() -> {
      // Before the look: should this thread stand still in its midst, the decision is of no use.
      Optional<Lease> lease = leadership.lease();
      Instant now = around.clock().instant();
      boolean waits = false;
      for (ModelControl control : board.models()) {
        waits |= tick(control, lease, now);
        board.gauges().show(control);
      }
      return waits;
    });
  }

  private boolean tick(ModelControl control, Optional<Lease> lease, Instant now) {
    control.takeGrowth();
    Optional<BanditRun> guided = control.guide().run();
    if (guided.isPresent() && control.history().policy() instanceof RoutingPolicy.Bandit arms) {
      return tick(control, guided.get(), arms, lease, now);
    }
    Optional<ModelHistory.Run> run = control.history().underWay();
    ExperimentRun running = control.running;
    if (run.isEmpty() || running == null) {
      return false;
    }
    RolloutTerms terms = run.get().terms();
    Look look = running.look(now);
    if (run.get().state().shadowing()) {
      look = look.with(around.shadows().look(control.model(), terms.candidate()));
    }
    control.look = look;
    board.gauges().saw(control.model(), running.experiment(), look);
    Decision decision =
        Rollout.next(
            terms,
            run.get().state(),
            look,
            around.drifted().of(control.model(), terms.candidate()),
            now);
    return switch (decision) {
      case Decision.Stay stay -> says(control, stay.because());
      case Decision.Would would -> says(control, would.because());
      case Decision.Move move -> move(control, move.event(terms.rollout()), move.because(), lease);
    };
  }

  private boolean tick(
      ModelControl control,
      BanditRun guided,
      RoutingPolicy.Bandit arms,
      Optional<Lease> lease,
      Instant now) {
    Optional<RolloutEvent.ArmOut> unsound = guided.unsound(arms, now);
    if (unsound.isPresent()) {
      return move(control, unsound.get(), unsound.get().words(), lease);
    }
    control.words = guided.words(arms);
    Optional<RolloutEvent.ArmsMoved> next =
        lease.isPresent() && exchange.problem().isEmpty()
            ? guided.next(arms, control.guide().movedAt(), now)
            : Optional.empty();
    return next.isPresent() && move(control, next.get(), next.get().words(), lease);
  }

  private static boolean says(ModelControl control, String words) {
    control.words = words;
    return false;
  }

  private boolean move(
      ModelControl control, RolloutEvent event, String because, Optional<Lease> lease) {
    Waiting mine = new Waiting(event, SELF, because, because);
    if (event.safety()) {
      return mayTakeBack(event) ? takeBack(control, mine) : leaderDecides(control, because);
    }
    if (!exchange.problem().isEmpty()) {
      return says(control, "holds, nothing can be recorded: " + exchange.problem());
    }
    if (lease.isEmpty()) {
      return leaderDecides(control, because);
    }
    control.grow(mine, lease.get());
    return true;
  }

  private boolean mayTakeBack(RolloutEvent event) {
    boolean failed =
        switch (event) {
          case RolloutEvent.RolledBack back -> back.because() == RolloutState.Because.FAILED;
          case RolloutEvent.ArmOut out -> out.because() == RolloutState.Because.FAILED;
          default -> false;
        };
    return failed || leadership.leading() || exchange.cutOff();
  }

  private boolean takeBack(ModelControl control, Waiting mine) {
    control.protect(mine);
    control.words = mine.words();
    board.publish();
    return true;
  }

  private boolean leaderDecides(ModelControl control, String because) {
    String leader = leadership.leader();
    return says(
        control,
        "holds until %s decides; here: %s"
            .formatted(leader.isEmpty() ? "a leader" : leader, because));
  }
}
