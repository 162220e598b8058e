package weir.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import weir.inference.Headers;

/** What came with a call beside its messages, and what goes back beside them. */
final class CallMetadata {
  private static final Context.Key<CallMetadata> KEY = Context.key("weir-call");
  private static final String BINARY_SUFFIX = "-bin";

  private final Metadata received;
  private final Metadata sent = new Metadata();

  private CallMetadata(Metadata received) {
    this.received = received;
  }

  /** That of the call that this thread serves. */
  static CallMetadata current() {
    return KEY.get();
  }

  Headers headers() {
    return name -> {
      if (name.endsWith(BINARY_SUFFIX) || !received.keys().contains(name)) {
        return "";
      }
      Iterable<String> values = received.getAll(key(name));
      return values == null ? "" : values.iterator().next();
    };
  }

  /** Sends this with the answer's headers; with the trailers when the call fails before them. */
  void answer(String name, String value) {
    sent.discardAll(key(name));
    sent.put(key(name), value);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** Makes {@link #current} hold for every call. */
  static ServerInterceptor interceptor() {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        CallMetadata metadata = new CallMetadata(headers);
        return Contexts.interceptCall(
            Context.current().withValue(KEY, metadata),
            new Answering<>(call, metadata.sent),
            headers,
            next);
      }
    };
  }

  private static final class Answering<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final Metadata sent;
    private boolean begun;

    Answering(ServerCall<Q, A> call, Metadata sent) {
      super(call);
      this.sent = sent;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      begun = true;
      headers.merge(sent);
      super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!begun) {
        trailers.merge(sent);
      }
      super.close(status, trailers);
    }
  }
}
