package weir.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** A failure of the gateway itself is INTERNAL to the caller, and told in full to the log alone. */
final class Failures implements ServerInterceptor {
  private static final Logger LOG = System.getLogger(Failures.class.getName());

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onMessage(Q message) {
        guarded(call, () -> super.onMessage(message));
      }

      @Override
      public void onHalfClose() {
        guarded(call, super::onHalfClose);
      }

      @Override
      public void onReady() {
        guarded(call, super::onReady);
      }
    };
  }

  private static void guarded(ServerCall<?, ?> call, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException failure) {
      if (call.isCancelled()) {
        return;
      }
      LOG.log(
          Level.ERROR,
          "a call of " + call.getMethodDescriptor().getFullMethodName() + " failed",
          failure);
      call.close(
          Status.INTERNAL.withDescription(
              "the gateway failed to handle this request; its log says why"),
          new Metadata());
    }
  }
}
