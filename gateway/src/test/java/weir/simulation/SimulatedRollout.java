package weir.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import weir.experiment.ExperimentSettings;
import weir.experiment.Look;
import weir.rollout.Decision;
import weir.rollout.Rollout;
import weir.rollout.RolloutSettings;
import weir.rollout.RolloutState;
import weir.rollout.RolloutTerms;

/** The real gate over a real experiment: each look is decided on and each move is made. */
final class SimulatedRollout {
  /** How a rollout is set and fed. */
  record Terms(RolloutSettings rollout, ExperimentSettings experiment, Pace pace) {}

  /** Requests a second, requests from look to look, and when the simulation gives up. */
  record Pace(double perSecond, int requestsPerLook, long requestsMax) {}

  /** How it ended, or stands; {@code began} says at which request each step began. */
  record End(RolloutState state, long requests, List<Long> began, String words) {
    boolean promoted() {
      return state instanceof RolloutState.Promoted;
    }

    boolean rolledBack() {
      return state instanceof RolloutState.RolledBack back && back.because().alerts();
    }
  }

  private static final double PERCENT = 100;

  private final Terms terms;
  private final RolloutTerms rolloutTerms;
  private final SimulatedTraffic traffic;
  private final SimulatedExperiment experiment;
  private final boolean sticky;
  private final List<Long> began = new ArrayList<>();
  private RolloutState state;

  SimulatedRollout(Terms terms, World world, long seed) {
    this.terms = terms;
    sticky = world.users() > 0;
    traffic = new SimulatedTraffic(world, seed);
    rolloutTerms =
        new RolloutTerms(
            "r1",
            SimulatedExperiment.STABLE,
            SimulatedExperiment.CANDIDATE,
            "salt",
            terms.rollout());
    experiment =
        new SimulatedExperiment(
            terms.experiment(),
            sticky,
            terms.rollout().steps().size() - 1,
            terms.pace().perSecond());
    state = new RolloutState.Stepping(0, experiment.now());
    enter(0);
  }

  /** Shares in percent, the last one 100; the times are the usual ones. */
  static RolloutSettings steps(List<Double> percent) {
    RolloutSettings usual = RolloutSettings.defaults();
    return new RolloutSettings(
        percent,
        usual.stepMin(),
        usual.stepMax(),
        List.of(),
        Duration.ZERO,
        false,
        usual.onDrift());
  }

  private void enter(int step) {
    began.add(experiment.requests());
    experiment.step(step, terms.rollout().steps().get(step) / PERCENT);
  }

  /** Until it is over, or the pace's last request. */
  End run() {
    String words = "";
    while (!state.over() && experiment.requests() < terms.pace().requestsMax()) {
      for (int i = 0; i < terms.pace().requestsPerLook(); i++) {
        traffic.next(experiment.rho(), experiment.days());
        experiment.request(traffic);
      }
      words = decide(experiment.look());
    }
    return new End(state, experiment.requests(), List.copyOf(began), words);
  }

  private String decide(Look look) {
    Decision decision = Rollout.next(rolloutTerms, state, look, experiment.now());
    if (decision instanceof Decision.Move move) {
      state = move.to();
      if (state instanceof RolloutState.Stepping stepping) {
        enter(stepping.step());
      }
    }
    return decision.because();
  }
}
