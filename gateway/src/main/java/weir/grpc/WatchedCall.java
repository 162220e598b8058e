package weir.grpc;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.serving.ByteBudget;

/** One call, from its first frame to the last byte of its answer: whom it waits for, since when. */
final class WatchedCall extends ServerStreamTracer {
  private static final Status SLOW =
      Status.DEADLINE_EXCEEDED.withDescription("the message did not come in time");

  private final ReentrantLock turn = new ReentrantLock();
  private final ByteBudget.Charge charge;
  private final Supplier<StatusException> refusal;
  private final Consumer<WatchedCall> ended;
  private volatile @Nullable ServerCall<?, ?> call;
  private volatile long waitingSince;
  private volatile long progress;
  private volatile boolean partial;
  private volatile long unreadSince;
  private boolean closed;
  private boolean refused;

  /** {@code refusal} counts and words one for which the budget has no room. */
  WatchedCall(
      ByteBudget.Charge charge, Supplier<StatusException> refusal, Consumer<WatchedCall> ended) {
    this.charge = charge;
    this.refusal = refusal;
    this.ended = ended;
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(CallWatch.CALL, this);
  }

  @Override
  public void inboundWireSize(long bytes) {
    progress = System.nanoTime();
    if (!partial) {
      partial = true;
      waitingSince = progress;
    }
    if (!refused && !charge.take(bytes)) {
      refused = true;
      StatusException full = refusal.get();
      Metadata trailers = full.getTrailers();
      end(full.getStatus(), trailers == null ? new Metadata() : trailers);
    }
  }

  @Override
  public void inboundMessageRead(int number, long wireBytes, long bytes) {
    partial = false;
  }

  @Override
  public void streamClosed(Status status) {
    charge.close();
    ended.accept(this);
  }

  /** The call as those see it who serve it. */
  <Q, A> ServerCall<Q, A> attend(ServerCall<Q, A> real) {
    waitingSince = System.nanoTime();
    progress = waitingSince;
    Attended<Q, A> attended = new Attended<>(real);
    call = attended;
    return attended;
  }

  <Q> ServerCall.Listener<Q> listen(ServerCall.Listener<Q> next) {
    return new SimpleForwardingServerCallListener<>(next) {
      @Override
      public void onMessage(Q message) {
        if (!sendsOne()) {
          waitingSince = 0;
        }
        super.onMessage(message);
      }

      @Override
      public void onHalfClose() {
        waitingSince = 0;
        super.onHalfClose();
      }

      @Override
      public void onReady() {
        unreadSince = 0;
        super.onReady();
      }
    };
  }

  /** Whether the client has had more time for a message than it may take. */
  boolean slow(long now, GrpcSettings settings) {
    long since = waitingSince;
    if (since == 0) {
      return false;
    }
    if (!partial && !sendsOne()) {
      return now - since > settings.idleTimeout().toNanos();
    }
    return now - since > settings.bodyTimeout().toNanos()
        || now - progress > settings.readTimeout().toNanos();
  }

  private boolean sendsOne() {
    ServerCall<?, ?> known = call;
    return known != null && known.getMethodDescriptor().getType().clientSendsOneMessage();
  }

  /** Whether an answer has waited for the client for so long. */
  boolean unread(long now, long nanos) {
    long since = unreadSince;
    return since != 0 && now - since > nanos;
  }

  void giveUp() {
    end(SLOW, new Metadata());
  }

  private void end(Status status, Metadata trailers) {
    ServerCall<?, ?> known = call;
    if (known != null) {
      waitingSince = 0;
      known.close(status, trailers);
    }
  }

  @Nullable SocketAddress peer() {
    ServerCall<?, ?> known = call;
    return known == null ? null : known.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
  }

  String address() {
    return peer() instanceof InetSocketAddress from ? from.getAddress().getHostAddress() : "";
  }

  /** Ended by its watch or by who serves it, whoever comes first. */
  private final class Attended<Q, A> extends SimpleForwardingServerCall<Q, A> {
    Attended(ServerCall<Q, A> real) {
      super(real);
    }

    @Override
    public void request(int messages) {
      charge.close();
      if (!partial) {
        waitingSince = System.nanoTime();
      }
      super.request(messages);
    }

    @Override
    public void sendHeaders(Metadata headers) {
      unlessClosed(() -> super.sendHeaders(headers));
    }

    @Override
    public void sendMessage(A message) {
      unlessClosed(() -> {
        super.sendMessage(message);
        if (!isReady() && unreadSince == 0) {
          unreadSince = System.nanoTime();
        }
      });
    }

    @Override
    public void close(Status status, Metadata trailers) {
      unlessClosed(() -> {
        closed = true;
        waitingSince = 0;
        unreadSince = System.nanoTime();
        super.close(status, trailers);
      });
    }

    private void unlessClosed(Runnable step) {
      turn.lock();
      try {
        if (!closed) {
          step.run();
        }
      } finally {
        turn.unlock();
      }
    }
  }
}
