package weir.remote;

import java.util.Optional;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Rejected;
import weir.inference.ModelSignature;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.observation.RemoteMeters;
import weir.observation.Tracing;

/** A variant that computes on servers elsewhere. */
public final class RemoteVariant implements AutoCloseable {
  private RemoteVariant() {}

  /**
   * Opens the endpoints, asks them once what they serve, and keeps asking whether they are ready.
   * {@code known} is the signature from before, for servers that do not answer now.
   */
  public static RemoteVariant open(
      Variant variant,
      RemoteSettings settings,
      Optional<ModelSignature> known,
      RemoteMeters meters,
      Tracing tracing) {
    return new RemoteVariant();
  }

  /** What it takes and gives, as configured or as a server said last; empty until one did. */
  public Optional<ModelSignature> signature() {
    return Optional.empty();
  }

  /** Why no endpoint can be asked now; empty when one can. */
  public String problem() {
    return "not built yet";
  }

  /** Computes on one endpoint, or on another when the first fails and it may be tried again. */
  public InferenceResult infer(InferenceRequest request) {
    return new Rejected(Reason.NOT_READY, "not built yet");
  }

  /** Refuses new calls with {@link Reason#NOT_READY}; running ones end in peace. */
  @Override
  public void close() {}
}
