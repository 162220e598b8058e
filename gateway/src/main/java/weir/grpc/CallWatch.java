package weir.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.StatusException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import weir.observation.CutReason;
import weir.observation.DoorMeters;
import weir.serving.ByteBudget;

/**
 * Holds the calls under way to deadlines, and their messages to the budget of bytes.
 *
 * <p>A call is traced from its first frame to the last byte of its answer. One whose message does
 * not come is ended by a status; a connection that does not take an answer is cut.
 */
final class CallWatch extends ServerStreamTracer.Factory
    implements ServerInterceptor, AutoCloseable {
  static final Context.Key<WatchedCall> CALL = Context.key("weir-watched-call");

  private static final long LOOK_MILLIS = 100;

  private final GrpcSettings settings;
  private final Arrivals arrivals;
  private final DoorMeters meters;
  private final ByteBudget budget;
  private final Supplier<StatusException> refusal;
  private final Set<WatchedCall> calls = ConcurrentHashMap.newKeySet();
  private final Thread watch;

  private CallWatch(
      GrpcSettings settings,
      Arrivals arrivals,
      DoorMeters meters,
      ByteBudget budget,
      Supplier<StatusException> refusal) {
    this.settings = settings;
    this.arrivals = arrivals;
    this.meters = meters;
    this.budget = budget;
    this.refusal = refusal;
    this.watch = Thread.ofPlatform().daemon().name("grpc-watch").unstarted(this::watch);
  }

  static CallWatch start(
      GrpcSettings settings,
      Arrivals arrivals,
      DoorMeters meters,
      ByteBudget budget,
      Supplier<StatusException> refusal) {
    CallWatch started = new CallWatch(settings, arrivals, meters, budget, refusal);
    started.watch.start();
    return started;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    WatchedCall call = new WatchedCall(budget.charge(), refusal, calls::remove);
    calls.add(call);
    return call;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    WatchedCall watched = CALL.get();
    return watched.listen(next.startCall(watched.attend(call), headers));
  }

  private void watch() {
    while (true) {
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException stopped) {
        return;
      }
      long now = System.nanoTime();
      calls.forEach(call -> look(call, now));
    }
  }

  private void look(WatchedCall call, long now) {
    if (call.unread(now, settings.writeTimeout().toNanos())) {
      meters.cut(CutReason.SLOW_READER, call.address());
      arrivals.cut(call.peer());
      calls.remove(call);
    } else if (call.slow(now, settings)) {
      meters.cut(CutReason.SLOW_BODY, call.address());
      call.giveUp();
    }
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
