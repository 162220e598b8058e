package weir.rollout;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import weir.journal.Append;
import weir.journal.JournalUnavailableException;
import weir.rollout.ModelControl.Waiting;
import weir.rollout.RolloutCommand.Answer;
import weir.routing.ModelRoute;

/** Takes in what the configuration says: which models there are, and a changed policy of one. */
final class ConfiguredModels {
  private static final String ACTOR = "configuration";
  private static final int ATTEMPTS_MAX = 3;

  private final ModelBoard board;
  private final JournalExchange exchange;

  ConfiguredModels(ModelBoard board, JournalExchange exchange) {
    this.board = board;
    this.exchange = exchange;
  }

  /**
   * The routes that {@link #configure} would put into effect; nothing changes, and the journal is
   * asked about new models only.
   */
  Map<String, ModelRoute> preview(Map<String, ModelPlan> plans) {
    boolean known = board.locked(() -> board.names().containsAll(plans.keySet()));
    return known ? routes(plans) : exchange.alone(() -> routes(plans));
  }

  private Map<String, ModelRoute> routes(Map<String, ModelPlan> plans) {
    Map<String, ModelRoute> routes = new HashMap<>();
    plans.forEach((model, plan) -> {
      ModelControl control = known(model, plan);
      routes.put(model, board.locked(() -> preview(control, plan)));
    });
    return routes;
  }

  private static ModelRoute preview(ModelControl control, ModelPlan plan) {
    ModelHistory history = control.known().orElseGet(() -> ModelHistory.of(plan.route().policy()));
    if (control.known().isPresent()) {
      for (Waiting waiting : configuring(control, plan)) {
        history = history.after(waiting.event());
      }
    }
    return history.route(plan.route());
  }

  void configure(Map<String, ModelPlan> plans) {
    exchange.alone(() -> {
      Map<String, ModelControl> next = new TreeMap<>();
      plans.forEach((model, plan) -> {
        ModelControl control = known(model, plan);
        record(control, plan);
        next.put(model, control);
      });
      board.change(() -> {
        next.forEach((model, control) ->
            Optional.ofNullable(plans.get(model)).ifPresent(control::configured));
        board.replace(next);
      });
      exchange.settle();
      return true;
    });
  }

  private ModelControl known(String model, ModelPlan plan) {
    return board.locked(() -> board.find(model)).orElseGet(() -> exchange.adopt(model, plan));
  }

  private void record(ModelControl control, ModelPlan plan) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      boolean done = true;
      exchange.record(control);
      long expected = board.locked(control::revision);
      for (Waiting waiting : board.locked(() -> configuring(control, plan))) {
        Append append = exchange.append(control, waiting, expected, Optional.empty());
        done &= append instanceof Append.Appended;
      }
      if (done) {
        return;
      }
    }
    throw new JournalUnavailableException(
        "model %s: others change it all the while; try again".formatted(control.model()));
  }

  /** The newest version stands in for a policy only until a person or a rollout gave one. */
  private static List<Waiting> configuring(ModelControl control, ModelPlan plan) {
    Optional<ModelHistory> history = control.known();
    if (history.isEmpty()) {
      return List.of(waiting(new RolloutEvent.Configured(plan.route().policy()), "as configured"));
    }
    if (!plan.explicit() && !history.get().asConfigured()) {
      return List.of();
    }
    Answer answer =
        CommandDesk.answer(
            history.get(), new RolloutCommand.Configure(plan.route().policy()), Instant.EPOCH);
    return switch (answer) {
      case Answer.Accepted accepted ->
          accepted.events().stream().map(event -> waiting(event, accepted.words())).toList();
      case Answer.Refused _ -> List.of();
    };
  }

  private static Waiting waiting(RolloutEvent event, String words) {
    return new Waiting(event, ACTOR, "", words);
  }
}
