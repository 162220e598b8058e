package weir.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.experiment.Experiment;
import weir.experiment.Look;
import weir.journal.Entry;
import weir.journal.Lease;
import weir.journal.Recorded;
import weir.rollout.ExperimentRun.Stage;
import weir.routing.ModelRoute;
import weir.routing.RoutingPolicy;

/**
 * One model's history as far as it is known here, and what is in effect of it but not recorded.
 *
 * <p>What holds is what the journal says, with what waits for the journal after it. Not
 * thread-safe: the board's lock guards it.
 */
final class ModelControl {
  private static final String STREAM = "model/";

  /** No revision: arms that share what is not recorded yet give no evidence. */
  private static final long UNCOUNTED = 0;

  private final String model;
  private final List<Waiting> waiting = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private ModelPlan configured;
  private @Nullable ModelHistory recorded;
  private Trail recordedTrail = Trail.NONE;
  private @Nullable ModelHistory effective;
  private Trail trail = Trail.NONE;
  private long revision;
  private long position;
  private @Nullable Recorded last;
  private @Nullable Waiting tried;
  private int stagesTold;
  private final BanditGuide guide;
  private @Nullable Growth growth;

  @Nullable ExperimentRun running;
  @Nullable Look look;
  String words = "";

  /**
   * An event that has to be recorded before it takes effect, as the next after {@code revision},
   * and under the lease that it was decided under.
   */
  record Growth(Waiting event, long revision, Lease lease) {}

  ModelControl(String model, ModelPlan configured) {
    this.model = model;
    this.configured = configured;
    this.guide = new BanditGuide(model);
  }

  static String stream(String model) {
    return STREAM + model;
  }

  /** The model of a stream; empty when the stream is of something else. */
  static Optional<String> modelOf(String stream) {
    return stream.startsWith(STREAM)
        ? Optional.of(stream.substring(STREAM.length()))
        : Optional.empty();
  }

  String model() {
    return model;
  }

  ModelPlan configured() {
    return configured;
  }

  void configured(ModelPlan next) {
    configured = next;
  }

  long revision() {
    return revision;
  }

  /** The journal's position of the newest event that is folded in. */
  long position() {
    return position;
  }

  List<Waiting> waiting() {
    return List.copyOf(waiting);
  }

  /** Empty before the model's first event. */
  Optional<ModelHistory> known() {
    return Optional.ofNullable(effective);
  }

  ModelHistory history() {
    return known().orElseGet(() -> ModelHistory.of(configured.route().policy()));
  }

  Trail trail() {
    return trail;
  }

  ModelRoute route() {
    ModelHistory now = history();
    boolean counts = waiting.isEmpty() || !(now.policy() instanceof RoutingPolicy.Bandit);
    return now.route(configured.route()).withGeneration(counts ? revision : UNCOUNTED);
  }

  Optional<Experiment> experiment() {
    return Optional.ofNullable(running).map(ExperimentRun::experiment);
  }

  /** Those that requests are evidence for: the rollout's, or one for each arm but the first. */
  List<Experiment> experiments() {
    return experiment()
        .map(List::of)
        .orElseGet(() -> guide.run().map(BanditRun::experiments).orElse(List.of()));
  }

  /** The newest entry known, in words. */
  String newest() {
    Recorded newest = last;
    return newest == null
        ? "revision 0"
        : "revision %d (%s by %s)"
            .formatted(newest.revision(), newest.entry().type(), newest.entry().actor());
  }

  /** {@code mine} is about to be appended: its entry is known again, whatever is heard of it. */
  void trying(Waiting mine) {
    tried = mine;
  }

  /**
   * Takes in the next entry of the model's stream, and what waits after it as far as it still fits.
   * Empty when the entry is known already; else what was made here of it, or by others.
   *
   * @throws IllegalArgumentException when it cannot follow; nothing changed then
   */
  Optional<Told> fold(Recorded entry) {
    if (entry.revision() != revision + 1) {
      return Optional.empty();
    }
    RolloutEvent event = RolloutJson.read(entry.entry().type(), entry.entry().json());
    ModelHistory next =
        recorded == null ? ModelHistory.of(List.of(event)).orElseThrow() : recorded.after(event);
    recorded = next;
    recordedTrail = recordedTrail.after(event, next);
    revision = entry.revision();
    position = entry.position();
    last = entry;
    mark(event, next);
    guide.follow(event, next, entry);
    Waiting mine = tried;
    boolean own = mine != null && mine.entry().equals(entry.entry());
    if (own) {
      waiting.remove(mine);
    }
    refit();
    return Optional.of(
        own && mine != null ? new Told(mine, true) : new Told(heard(event, entry.entry()), false));
  }

  /** What an entry was, and whether it was made here. */
  record Told(Waiting event, boolean own) {}

  private static Waiting heard(RolloutEvent event, Entry entry) {
    return new Waiting(
        event,
        entry.actor(),
        entry.why(),
        "%s by %s%s"
            .formatted(
                event.type(), entry.actor(), entry.why().isBlank() ? "" : ": " + entry.why()));
  }

  private void mark(RolloutEvent event, ModelHistory next) {
    if (event instanceof RolloutEvent.Started || next.underWay().isEmpty()) {
      stages.clear();
      stagesTold = 0;
    }
    next.underWay()
        .ifPresent(run ->
            stages.add(
                new Stage(
                    revision,
                    Math.max(0, run.step()),
                    run.percent() / RolloutSettings.PROMOTION,
                    run.state().began())));
  }

  /** Puts {@code mine} into effect; it has to be recorded. */
  void protect(Waiting mine) {
    waiting.add(mine);
    refit();
  }

  /** Asks for {@code mine}, which takes effect once it is recorded. */
  void grow(Waiting mine, Lease lease) {
    growth = new Growth(mine, revision, lease);
  }

  /** What is asked for, once. */
  Optional<Growth> takeGrowth() {
    Growth asked = growth;
    growth = null;
    return Optional.ofNullable(asked);
  }

  private void refit() {
    ModelHistory next = recorded;
    Trail way = recordedTrail;
    List<Waiting> mine = List.copyOf(waiting);
    waiting.clear();
    for (Waiting each : mine) {
      Optional<Waiting> fitting = next == null ? Optional.empty() : each.after(next);
      if (next != null && fitting.isPresent()) {
        next = next.after(fitting.get().event());
        way = way.after(fitting.get().event(), next);
        waiting.add(fitting.get());
      }
    }
    effective = next;
    trail = way;
  }

  /** Tells the experiment of every share that the rollout has had since it was told last. */
  void tellShares() {
    guide.tell();
    ExperimentRun now = running;
    if (now == null) {
      return;
    }
    for (Stage stage : stages.subList(stagesTold, stages.size())) {
      now.experiment().step(stage.step(), stage.revision(), stage.share(), stage.at());
    }
    stagesTold = stages.size();
  }

  BanditGuide guide() {
    return guide;
  }

  /** The bandit that divides the traffic; empty without one, or when no configuration guides it. */
  Optional<BanditRun.Begun> banditBegun() {
    return history().underWay().isPresent() ? Optional.empty() : guide.begun(configured);
  }

  /** Every share that the rollout under way has had, by revision. */
  List<Stage> stages() {
    return List.copyOf(stages);
  }

  /**
   * Begins to measure the rollout under way, or ends it; the one that was measured before. {@code
   * next} was told the first {@code told} stages.
   */
  @Nullable ExperimentRun measure(@Nullable ExperimentRun next, int told) {
    ExperimentRun before = running;
    running = next;
    stagesTold = told;
    if (next == null) {
      look = null;
    }
    return before;
  }
}
