package weir.backend;

import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.observation.BackendMeters;
import weir.observation.BackendMeters.Attempt;
import weir.observation.Stage;
import weir.observation.Tracing;

/** Counts each attempt at a backend by its result, and gives it a stage of the request's trace. */
final class ObservedBackend implements Backend {
  private final Backend next;
  private final BackendMeters meters;
  private final Tracing tracing;

  ObservedBackend(Backend next, BackendMeters meters, Tracing tracing) {
    this.next = next;
    this.meters = meters;
    this.tracing = tracing;
  }

  @Override
  public InferenceResult infer(InferenceRequest request) {
    try (Stage stage = tracing.stage("backend")) {
      InferenceResult result = next.infer(request);
      switch (result) {
        case Answered _ -> meters.attempted(Attempt.OK);
        case Rejected rejected -> {
          meters.attempted(attempt(rejected.reason()));
          stage.failed(rejected.reason().label());
        }
      }
      return result;
    }
  }

  private static Attempt attempt(Reason reason) {
    return switch (reason) {
      case BACKEND_TIMEOUT -> Attempt.TIMEOUT;
      case BACKEND_UNREACHABLE, BREAKER_OPEN, NOT_READY -> Attempt.UNREACHABLE;
      case INVALID_OUTPUT -> Attempt.INVALID;
      case BACKEND_REFUSED -> Attempt.REFUSED;
      case BACKEND_BUSY -> Attempt.BUSY;
      case MALFORMED,
          UNKNOWN_MODEL,
          UNKNOWN_VERSION,
          TOO_LARGE,
          UNAUTHENTICATED,
          FORBIDDEN,
          RATE_LIMITED,
          OVERLOADED,
          OVER_SHARE,
          INTERNAL,
          BACKEND_FAILED ->
          Attempt.FAILED;
    };
  }
}
