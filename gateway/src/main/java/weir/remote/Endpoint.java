package weir.remote;

import java.util.List;
import weir.inference.InferenceRequest;
import weir.inference.ModelSignature;
import weir.inference.Tensor;

/**
 * One address that serves a variant, and the protocol that it speaks.
 *
 * <p>Every call blocks the calling virtual thread until its outcome or {@code deadlineNanos}, an
 * instant of {@link System#nanoTime()} that holds however slowly the server dribbles. Called by
 * many threads at once. One call is one attempt: who tries again is above.
 */
interface Endpoint extends AutoCloseable {
  /** Host and port, as metrics and messages name it. */
  String name();

  /**
   * The outputs asked for, in the order asked; what the server answered has been held against the
   * protocol but not against the variant's signature.
   */
  List<Tensor> infer(InferenceRequest request, long deadlineNanos) throws RemoteFailure;

  /** What the server says that the variant takes and gives. */
  ModelSignature describe(long deadlineNanos) throws RemoteFailure;

  /** Returns when the server says that it is ready for the variant. */
  void probe(long deadlineNanos) throws RemoteFailure;

  /** Connections that carry a call now. */
  default int active() {
    return 0;
  }

  /** Connections that wait for a call. */
  default int idle() {
    return 0;
  }

  @Override
  void close();
}
