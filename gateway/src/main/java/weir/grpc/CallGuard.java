package weir.grpc;

import inference.ModelInferRequest;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import inference.ModelStatisticsRequest;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import weir.access.Access;
import weir.access.Caller;
import weir.access.Credentials;
import weir.access.Need;
import weir.access.Needs;
import weir.access.Refusal;

/**
 * Holds calls against what they ask of callers: who asks when the call comes, the roles for the
 * model with each message that names one. A stream ends with the first message that is refused, for
 * which who asks is told anew: its key may have been revoked since.
 */
final class CallGuard implements ServerInterceptor {
  /** Whose share of the gateway the call takes, for the thread that serves it. */
  static final Context.Key<String> ACCOUNT = Context.keyWithDefault("weir-account", "");

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> API_KEY =
      Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> FORWARDED_FOR =
      Metadata.Key.of("x-forwarded-for", Metadata.ASCII_STRING_MARSHALLER);
  private static final SocketAddress NOWHERE = InetSocketAddress.createUnresolved("unknown", 0);

  private final Access access;

  CallGuard(Access access) {
    this.access = access;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Need need = Needs.ofCall(call.getMethodDescriptor().getFullMethodName());
    if (need instanceof Need.Open) {
      return next.startCall(call, headers);
    }
    Credentials credentials = credentials(call, headers);
    return switch (access.identify("", credentials)) {
      case Access.Answer.Refused(Refusal refusal) -> {
        close(call, refusal);
        yield new ServerCall.Listener<Q>() {};
      }
      case Access.Answer.Admitted(Caller caller) ->
          new Guarded<>(
              call,
              Contexts.interceptCall(
                  Context.current().withValue(ACCOUNT, access.account(caller, credentials)),
                  call,
                  headers,
                  next),
              call.getMethodDescriptor().getType().clientSendsOneMessage()
                  ? message -> access.permit(need, model(message), caller, credentials)
                  : message -> refusal(access.admit(need, model(message), credentials)));
    };
  }

  private static Optional<Refusal> refusal(Access.Answer answer) {
    return answer instanceof Access.Answer.Refused(Refusal refusal)
        ? Optional.of(refusal)
        : Optional.empty();
  }

  private Credentials credentials(ServerCall<?, ?> call, Metadata headers) {
    return new Credentials(
        text(headers, AUTHORIZATION), text(headers, API_KEY), origin(call, headers));
  }

  /** Where the caller is; behind a trusted proxy not the proxy. */
  private SocketAddress origin(ServerCall<?, ?> call, Metadata headers) {
    SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    Iterable<String> forwardedFor = headers.getAll(FORWARDED_FOR);
    return access.origin(
        peer == null ? NOWHERE : peer, forwardedFor == null ? "" : String.join(",", forwardedFor));
  }

  private static String text(Metadata headers, Metadata.Key<String> key) {
    String value = headers.get(key);
    return value == null ? "" : value;
  }

  private static String model(Object message) {
    return switch (message) {
      case ModelInferRequest infer -> infer.getModelName();
      case ModelMetadataRequest metadata -> metadata.getName();
      case ModelReadyRequest ready -> ready.getName();
      case ModelStatisticsRequest statistics -> statistics.getName();
      default -> "";
    };
  }

  private static void close(ServerCall<?, ?> call, Refusal refusal) {
    Metadata trailers = new Metadata();
    if (!refusal.retryAfter().isZero()) {
      trailers.put(Statuses.PUSHBACK, Long.toString(Math.max(1, refusal.retryAfter().toMillis())));
    }
    call.close(Statuses.of(refusal.reason()).withDescription(refusal.words()), trailers);
  }

  /** Why a message is not taken; empty when it is. */
  @FunctionalInterface
  private interface Permit {
    Optional<Refusal> refusal(Object message);
  }

  private static final class Guarded<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private final Permit permit;
    private boolean refused;

    Guarded(ServerCall<Q, ?> call, ServerCall.Listener<Q> next, Permit permit) {
      super(next);
      this.call = call;
      this.permit = permit;
    }

    @Override
    public void onMessage(Q message) {
      if (refused) {
        return;
      }
      Optional<Refusal> refusal = permit.refusal(message);
      if (refusal.isEmpty()) {
        super.onMessage(message);
        return;
      }
      refused = true;
      close(call, refusal.get());
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }

    @Override
    public void onReady() {
      if (!refused) {
        super.onReady();
      }
    }
  }
}
