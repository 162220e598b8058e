package weir.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import weir.experiment.Check;
import weir.experiment.CheckResult;
import weir.experiment.ExperimentSettings;
import weir.experiment.Look;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.journal.Journal;
import weir.observation.Observation;
import weir.observation.Outcome;
import weir.routing.Assignment;
import weir.routing.Because;
import weir.routing.ModelRoute;
import weir.routing.RoutingPolicy;
import weir.routing.Stickiness;

/** Replicas that divide one rollout's requests and meet in one journal; clocks set by hand. */
final class Replicas {
  static final String MODEL = "price";
  static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
  static final int WARM_UP = 100;
  static final RolloutTerms TERMS =
      new RolloutTerms("r1", "1", "2", "salt", RolloutSettings.defaults());
  private static final long READ_AGAIN_NANOS = Duration.ofSeconds(6).toNanos();
  private static final List<Check> CHECKS =
      List.of(
          new Check.Errors(0.01, Optional.empty(), true),
          new Check.Latency(0.95, Optional.empty(), Optional.empty(), true),
          new Check.Reward(Check.Better.HIGHER, 0.02, 0.05, false, true),
          new Check.Score());

  /** One request of a unit, alike on whichever replica it is served. */
  record Request(long unit, boolean fails, long nanos, double score) {}

  final List<ExperimentRun> runs = new ArrayList<>();
  final AtomicLong nanos = new AtomicLong();
  private final Journal journal;
  private final boolean sticky;
  private final List<ExperimentRun.Stage> stages = new ArrayList<>();
  private double share;

  Replicas(Journal journal, boolean sticky, int count) {
    this.journal = journal;
    this.sticky = sticky;
    for (int i = 0; i < count; i++) {
      join("gateway-" + i);
    }
  }

  /** One more process, told the history so far. */
  ExperimentRun join(String replica) {
    ModelPlan plan =
        new ModelPlan(
            new ModelRoute(
                "salt",
                sticky ? new Stickiness.ByHeader("x-user-id") : new Stickiness.None(),
                List.of(),
                new RoutingPolicy.Fixed("1")),
            true,
            false,
            new ExperimentSettings(
                0.01, Duration.ofHours(1), Optional.empty(), 100_000, WARM_UP, CHECKS),
            TERMS.settings());
    ExperimentRun run =
        ExperimentRun.open(
            journal, replica, plan, TERMS, MODEL, BEGAN, stages, nanos::get, () -> {});
    runs.add(run);
    return run;
  }

  void step(int index, double candidateShare) {
    share = candidateShare;
    stages.add(new ExperimentRun.Stage(stages.size() + 2, index, candidateShare, BEGAN));
    runs.forEach(run -> run.experiment().step(index, stages.size() + 1, candidateShare, BEGAN));
  }

  long generation() {
    return stages.getLast().revision();
  }

  /** As the router divides units: by the upper 53 bits of their hash. */
  static boolean candidate(long unit, double share) {
    return (unit >>> 11) * 0x1p-53 < share;
  }

  void serve(ExperimentRun run, Request request) {
    boolean candidate = candidate(request.unit(), share);
    String version = candidate ? "2" : "1";
    Assignment assignment =
        new Assignment(
            version, candidate ? share : 1 - share, generation(), Because.SPLIT, request.unit());
    long token = run.experiment().began(assignment, (_, _, _) -> true);
    run.experiment()
        .ended(
            token,
            new Observation(
                new Variant(MODEL, version),
                assignment,
                true,
                request.fails() ? Outcome.of(Reason.BACKEND_FAILED) : Outcome.of(Source.MODEL),
                request.nanos(),
                request.nanos(),
                request.score(),
                ""));
  }

  /** Twice around: what all told the first time, each reads the second. */
  void exchange(Instant now) {
    for (int round = 0; round < 2; round++) {
      nanos.addAndGet(READ_AGAIN_NANOS);
      for (int i = 0; i < runs.size(); i++) {
        runs.get(i).exchange(now, i == 0);
      }
    }
  }

  static CheckResult result(Look look, String check) {
    return look.checks().stream()
        .filter(each -> each.check().equals(check))
        .findFirst()
        .orElseThrow();
  }
}
