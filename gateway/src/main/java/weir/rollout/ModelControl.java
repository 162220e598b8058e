package weir.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.experiment.Experiment;
import weir.experiment.Look;
import weir.journal.Append;
import weir.journal.Entry;
import weir.journal.Journal;
import weir.journal.Recorded;
import weir.routing.ModelRoute;

/**
 * One model's history as far as it is known here, and what is in effect of it but not recorded.
 *
 * <p>Growth is recorded before it is applied, safety after. Not thread-safe: the control's lock
 * guards it.
 */
final class ModelControl {
  private static final String STREAM = "model/";

  private final String model;
  private final Journal journal;
  private final List<Unrecorded> unrecorded = new ArrayList<>();
  private ModelPlan configured;
  private @Nullable ModelHistory history;
  private Trail trail = Trail.NONE;
  private long revision;

  @Nullable ExperimentRun running;
  @Nullable Look look;
  String words = "";

  /** An event that is in effect and waits for the journal. */
  record Unrecorded(RolloutEvent event, String actor, String why) {}

  /** How an attempt to record and apply ended. */
  enum Applied {
    DONE,
    CONFLICT
  }

  ModelControl(String model, ModelPlan configured, Journal journal) {
    this.model = model;
    this.configured = configured;
    this.journal = journal;
  }

  static String stream(String model) {
    return STREAM + model;
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

  int unrecorded() {
    return unrecorded.size();
  }

  /** Empty before the model's first event. */
  Optional<ModelHistory> known() {
    return Optional.ofNullable(history);
  }

  ModelHistory history() {
    return known().orElseGet(() -> ModelHistory.of(configured.route().policy()));
  }

  Trail trail() {
    return trail;
  }

  ModelRoute route() {
    return history().route(configured.route());
  }

  Optional<Experiment> experiment() {
    return Optional.ofNullable(running).map(ExperimentRun::experiment);
  }

  /** Takes in what the journal holds beyond what is known. */
  void catchUp() {
    if (!unrecorded.isEmpty()) {
      rebase();
      return;
    }
    for (Recorded recorded : journal.read(stream(model), revision)) {
      RolloutEvent event = RolloutJson.read(recorded.entry().type(), recorded.entry().json());
      apply(event, folded(event));
      revision = recorded.revision();
    }
  }

  private void apply(RolloutEvent event, ModelHistory next) {
    history = next;
    trail = trail.after(event, next);
  }

  private ModelHistory folded(RolloutEvent event) {
    if (history != null) {
      return history.after(event);
    }
    return ModelHistory.of(List.of(event)).orElseThrow();
  }

  /** Records, then applies. */
  Applied grow(RolloutEvent event, String actor, String why) {
    ModelHistory next = folded(event);
    return switch (journal.append(stream(model), revision, entry(event, actor, why))) {
      case Append.Conflict _, Append.Fenced _ -> Applied.CONFLICT;
      case Append.Appended appended -> {
        apply(event, next);
        revision = appended.recorded().revision();
        yield Applied.DONE;
      }
    };
  }

  /** Applies; {@link #record} has to follow. */
  void protect(RolloutEvent event, String actor, String why) {
    apply(event, folded(event));
    unrecorded.add(new Unrecorded(event, actor, why));
  }

  /**
   * Records what is in effect already. When others were first, theirs is taken in and what still
   * fits is recorded after it.
   */
  void record() {
    while (!unrecorded.isEmpty()) {
      Unrecorded first = unrecorded.getFirst();
      switch (journal.append(
          stream(model), revision, entry(first.event(), first.actor(), first.why()))) {
        case Append.Appended appended -> {
          revision = appended.recorded().revision();
          unrecorded.removeFirst();
        }
        case Append.Conflict _, Append.Fenced _ -> rebase();
      }
    }
  }

  private void rebase() {
    List<Unrecorded> mine = List.copyOf(unrecorded);
    List<RolloutEvent> all = new ArrayList<>();
    long last = 0;
    for (Recorded recorded : journal.read(stream(model), 0)) {
      all.add(RolloutJson.read(recorded.entry().type(), recorded.entry().json()));
      last = recorded.revision();
    }
    ModelHistory theirs = ModelHistory.of(all).orElseThrow();
    unrecorded.clear();
    for (Unrecorded each : mine) {
      if (fits(theirs, each.event())) {
        theirs = theirs.after(each.event());
        all.add(each.event());
        unrecorded.add(each);
      }
    }
    history = theirs;
    trail = Trail.of(all);
    revision = last;
  }

  private static boolean fits(ModelHistory history, RolloutEvent event) {
    return event instanceof RolloutEvent.Progress progress
        && history
            .underWay()
            .filter(run -> run.terms().rollout().equals(progress.rollout()))
            .isPresent();
  }

  private static Entry entry(RolloutEvent event, String actor, String why) {
    return new Entry(event.type(), actor, why, RolloutJson.write(event));
  }
}
