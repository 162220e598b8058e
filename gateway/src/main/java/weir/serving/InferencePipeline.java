package weir.serving;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import weir.backend.Backend;
import weir.backend.Catalog;
import weir.backend.LiveCatalog;
import weir.backend.ServedVariant;
import weir.inference.Blame;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.inference.SignatureCheck;
import weir.inference.Variant;
import weir.observation.ComparisonObserver;
import weir.observation.GatewayMetrics;
import weir.observation.Observation;
import weir.observation.Observer;
import weir.observation.Outcome;
import weir.observation.RequestSpan;
import weir.observation.TensorObserver;
import weir.routing.Assignment;
import weir.routing.Because;
import weir.routing.LivePlan;
import weir.routing.ModelRoute;
import weir.routing.PredictionId;
import weir.routing.PredictionSigner;
import weir.routing.RoutePlan;
import weir.routing.Router;
import weir.routing.Score;
import weir.routing.Shadow;

/**
 * Serves one request from its assignment to its observation.
 *
 * <p>Runs on the caller's thread. Plan and catalog are read once; when a version vanishes between
 * the two (a model is being replaced), both are read again, at most {@value #LOOKS_MAX} times.
 */
public final class InferencePipeline {
  private static final int LOOKS_MAX = 4;
  private static final ServingSettings DEFAULTS = ServingSettings.defaults();

  private final LivePlan plan;
  private final LiveCatalog catalog;
  private final Router router;
  private final PredictionSigner signer;
  private final GatewayMetrics metrics;
  private final Observer observer;
  private final TensorObserver tensors;
  private final ComparisonObserver comparisons;
  private final ShadowDispatcher shadows;
  private final Supplier<? extends RandomGenerator> random;
  private final Clock clock;
  private volatile Map<String, ServingSettings> settings = Map.of();

  public InferencePipeline(
      LivePlan plan,
      LiveCatalog catalog,
      Router router,
      PredictionSigner signer,
      GatewayMetrics metrics,
      Observer observer,
      TensorObserver tensors,
      ComparisonObserver comparisons,
      ShadowDispatcher shadows,
      Supplier<? extends RandomGenerator> random,
      Clock clock) {
    this.plan = plan;
    this.catalog = catalog;
    this.router = router;
    this.signer = signer;
    this.metrics = metrics;
    this.observer = observer;
    this.tensors = tensors;
    this.comparisons = comparisons;
    this.shadows = shadows;
    this.random = random;
    this.clock = clock;
  }

  /** From now on these hold, by model; a model without an entry has the defaults. */
  public void configure(Map<String, ServingSettings> next) {
    settings = Map.copyOf(next);
  }

  public Duration deadline(String model) {
    return settings(model).deadline();
  }

  private ServingSettings settings(String model) {
    return settings.getOrDefault(model, DEFAULTS);
  }

  /**
   * Assigns, computes and observes. {@code startNanos} is when the request's first byte was read;
   * {@code span} has begun and is ended by the caller.
   */
  public Served serve(InferenceRequest request, long startNanos, RequestSpan span) {
    boolean measured = measured(request.model());
    for (int look = 1; look <= LOOKS_MAX; look++) {
      RoutePlan plan = this.plan.current();
      Catalog catalog = this.catalog.current();
      ModelRoute route = plan.models().get(request.model());
      if (route == null) {
        return plan.models().isEmpty()
            ? refuse("", Reason.NOT_READY, Unknown.NOTHING)
            : refuse("", Reason.UNKNOWN_MODEL, Unknown.model(request));
      }
      Assignment assignment = router.assign(route, request);
      Optional<ServedVariant> found = catalog.find(request.model(), assignment.version());
      Optional<String> waiting =
          found.isEmpty()
              ? catalog.waiting(request.model(), assignment.version())
              : Optional.empty();
      if (waiting.isPresent()) {
        return refuse(request.model(), Reason.NOT_READY, waiting.get());
      }
      if (found.isEmpty() && request.pinned()) {
        return refuse(request.model(), Reason.UNKNOWN_VERSION, Unknown.version(request, catalog));
      }
      if (found.isEmpty()) {
        continue;
      }
      Optional<String> mismatch =
          SignatureCheck.mismatch(found.get().signature(), request.inputs(), request.outputs());
      if (mismatch.isPresent()) {
        tensors.refused(request.model(), request.inputs());
        return refuse(request.model(), Reason.MALFORMED, mismatch.get());
      }
      span.assigned(request.model(), assignment);
      long token = comparisons.began(request.model(), assignment, catalog);
      Backend backend = measured ? found.get().direct() : found.get().front();
      Optional<Duration> fallbackAfter = fallbackAfter(request, route, assignment);
      InferenceResult result =
          backend.infer(
              fallbackAfter.isEmpty()
                  ? request
                  : request.dueBy(startNanos + fallbackAfter.get().toNanos()));
      boolean replaced = replaced(result);
      Score score = score(request.model(), result);
      Observation observation =
          observation(
              found.get().variant(),
              assignment,
              measured && !replaced,
              result,
              score,
              startNanos,
              span.traceId());
      comparisons.ended(token, observation);
      if (!replaced) {
        if (result instanceof Rejected rejected && rejected.reason() == Reason.MALFORMED) {
          tensors.refused(request.model(), request.inputs());
        }
        span.end(observation.outcome());
        observer.observe(observation);
        Served served = served(found.get().variant(), assignment, result, score);
        return fallbackAfter.isPresent() && failed(result)
            ? fallBack(request, catalog, route, assignment, served)
            : served;
      }
    }
    return refuse(
        request.model(),
        Reason.NOT_READY,
        "model '%s' is being replaced; try again shortly".formatted(request.model()));
  }

  /** How long the assigned version has before the stable one is asked; empty: it is not. */
  private Optional<Duration> fallbackAfter(
      InferenceRequest request, ModelRoute route, Assignment assignment) {
    return request.pinned() || route.policy().stable().equals(assignment.version())
        ? Optional.empty()
        : settings(request.model()).fallbackAfter();
  }

  private static boolean failed(InferenceResult result) {
    return result instanceof Rejected rejected
        && (rejected.blame() == Blame.BACKEND || rejected.reason() == Reason.OVERLOADED);
  }

  /** Asks the stable version in place of the assigned one, whose failure is observed already. */
  private Served fallBack(
      InferenceRequest request,
      Catalog catalog,
      ModelRoute route,
      Assignment assignment,
      Served failed) {
    String stable = route.policy().stable();
    Optional<ServedVariant> found = catalog.find(request.model(), stable);
    if (found.isEmpty()
        || SignatureCheck.mismatch(found.get().signature(), request.inputs(), request.outputs())
            .isPresent()) {
      return failed;
    }
    InferenceResult result = found.get().direct().infer(request);
    metrics.fellBack(failed.variant(), result instanceof Answered);
    if (result instanceof Rejected) {
      return failed;
    }
    Assignment instead =
        new Assignment(stable, 1, assignment.generation(), Because.FALLBACK, assignment.unitHash());
    return served(found.get().variant(), instead, result, score(request.model(), result))
        .insteadOf(assignment.version());
  }

  private static boolean replaced(InferenceResult result) {
    return result instanceof Rejected rejected && rejected.reason() == Reason.NOT_READY;
  }

  /** A coin thrown before the assignment, so that what is compared does not depend on it. */
  private boolean measured(String model) {
    double share = comparisons.measuredShare(model);
    return share > 0 && (share >= 1 || random.get().nextDouble() < share);
  }

  private Observation observation(
      Variant variant,
      Assignment assignment,
      boolean measured,
      InferenceResult result,
      Score scored,
      long startNanos,
      String traceId) {
    long totalNanos = System.nanoTime() - startNanos;
    Outcome outcome = Outcome.of(result);
    long modelNanos = result instanceof Answered answered ? answered.modelNanos() : 0;
    double score = Scores.number(scored);
    return new Observation(
        variant, assignment, measured, outcome, totalNanos, modelNanos, score, traceId);
  }

  private Score score(String model, InferenceResult result) {
    return switch (result) {
      case Answered answered -> Scores.of(answered.outputs(), settings(model).score());
      case Rejected _ -> new Score.None();
    };
  }

  private Served served(
      Variant variant, Assignment assignment, InferenceResult result, Score score) {
    return switch (result) {
      case Rejected _ -> new Served(result, variant, "");
      case Answered _ ->
          new Served(
              result,
              variant,
              signer.sign(
                  new PredictionId(
                      variant,
                      assignment.generation(),
                      assignment.probability(),
                      clock.instant(),
                      assignment.unitHash(),
                      score)));
    };
  }

  /** Tells who watches values, and the shadows; the door calls this when the answer is sent. */
  public void sent(InferenceRequest request, Served served) {
    if (served.result() instanceof Answered answered) {
      tensors.answered(served.variant(), request.inputs(), answered.outputs());
      copy(request, served);
    }
  }

  /** Offers the shadows their share of what the policy's largest version answered. */
  private void copy(InferenceRequest request, Served served) {
    ModelRoute route = plan.current().models().get(request.model());
    if (route == null
        || route.shadows().isEmpty()
        || !route.policy().largest().equals(served.variant().version())) {
      return;
    }
    for (Shadow shadow : route.shadows()) {
      boolean copied = shadow.share() >= 1 || random.get().nextDouble() < shadow.share();
      if (copied && !shadow.version().equals(served.variant().version())) {
        shadows.offer(
            shadow, new ShadowDispatcher.Original(request, served, deadline(request.model())));
      }
    }
  }

  /** Counts a request that was refused before it was assigned, and tells the caller. */
  public Served refuse(String model, Reason reason, String message) {
    metrics.refused(model, reason);
    return new Served(new Rejected(reason, message), new Variant(model, ""), "");
  }

  /** Whether the model is one of the plan's, so that metrics may carry its name. */
  public boolean knows(String model) {
    return plan.current().models().containsKey(model);
  }
}
