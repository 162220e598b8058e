package weir.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import weir.http.Patience.Phase;
import weir.observation.CutReason;
import weir.observation.DoorMeters;

/** A connection that is held to deadlines, and can be ended from outside. */
final class AttendedConnection implements ServerConnection {
  private static final int PARSED_BYTES_MIN = 13;

  private final ConnectionContext context;
  private final Attendance attendance;
  private final AttendedSelector selector;
  private final DoorMeters meters;
  private final DataReader reader;
  private final AttendedWriter writer;
  private final StreamThreads streams;
  private final String address;
  private final @Nullable SocketChannel channel;
  private final Patience patience = new Patience();
  private final AtomicBoolean cut = new AtomicBoolean();
  private volatile boolean framed;
  private volatile boolean upgraded;
  private volatile boolean announced;
  private volatile @Nullable FrameGuard guard;
  private volatile @Nullable ServerConnection inner;
  private volatile @Nullable Thread thread;

  AttendedConnection(ConnectionContext context, Attendance attendance, AttendedSelector selector) {
    this.context = context;
    this.attendance = attendance;
    this.selector = selector;
    this.meters = selector.meters();
    this.reader = ForgetfulReader.of(this::read);
    this.writer = new AttendedWriter(context, this);
    this.streams = new StreamThreads(context.executor());
    this.address = Attendance.address(context.remotePeer());
    this.channel = attendance.sockets().take(context.remotePeer().address());
  }

  String address() {
    return address;
  }

  /** Those of its streams, which may outlive it. */
  StreamThreads streams() {
    return streams;
  }

  /** What the server's own classes see of this connection. */
  ConnectionContext seen() {
    return new AttendedContext(context, this, reader, writer, streams);
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    if (!attendance.enter(this)) {
      meters.cut(CutReason.TOO_MANY, address);
      return;
    }
    try {
      thread = Thread.currentThread();
      ServerConnection chosen = choose();
      inner = chosen;
      chosen.handle(limit);
    } finally {
      attendance.leave(this);
    }
  }

  private ServerConnection choose() {
    try {
      return selector.choose(this);
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("the client left", e);
    }
  }

  private byte @Nullable [] read() {
    HelidonSocket source = context.serverSocket();
    while (true) {
      patience.reads();
      try {
        byte[] bytes = source.get();
        if (bytes == null) {
          return null;
        }
        patience.readSome();
        FrameGuard guarding = guard;
        byte[] passed = guarding == null ? bytes : guarded(guarding, bytes);
        if (passed.length > 0) {
          return passed;
        }
        if (guarding != null && guarding.fault().isPresent()) {
          return null;
        }
      } catch (UncheckedIOException e) {
        throw new ServerConnectionException("the client's connection broke", e);
      } finally {
        patience.readsNoMore();
      }
    }
  }

  private byte[] guarded(FrameGuard guarding, byte[] bytes) {
    byte[] passed = guarding.received(bytes);
    int credit = guarding.credit();
    if (credit > 0) {
      writer.write(Frame.windowUpdate(credit));
    }
    Optional<CutReason> fault = guarding.fault();
    if (fault.isPresent() && cut.compareAndSet(false, true)) {
      meters.cut(fault.get(), address);
      writer.write(
          Frame.goAway(
              fault.get() == CutReason.FLOOD ? Frame.ENHANCE_YOUR_CALM : Frame.PROTOCOL_ERROR));
    }
    return passed;
  }

  void headersRead() {
    patience.begin(Phase.SERVING);
  }

  void answered() {
    if (!patience.in(Phase.MULTIPLEXED)) {
      patience.begin(Phase.IDLE);
    }
  }

  /** From now on frames come; these bytes have come already. */
  void multiplexed(byte[] seen) {
    FrameGuard guarding = new FrameGuard();
    guarded(guarding, seen);
    guard = guarding;
    patience.begin(Phase.MULTIPLEXED);
  }

  /** Something was written whole. */
  void wrote() {
    framed = patience.in(Phase.MULTIPLEXED);
  }

  /** Looks at what the server is about to write. */
  void writes(BufferData buffer) {
    FrameGuard guarding = guard;
    if (guarding == null) {
      if (patience.in(Phase.SERVING) && switchesProtocol(buffer)) {
        upgraded = true;
        multiplexed(new byte[0]);
      }
    } else if (buffer.available() >= PARSED_BYTES_MIN) {
      noteFrame(guarding, buffer);
    }
  }

  /** Whether this is {@code HTTP/1.1 101 Switching Protocols}. */
  private static boolean switchesProtocol(BufferData buffer) {
    return buffer.available() > 12 && buffer.get(9) == '1' && buffer.get(11) == '1';
  }

  private void noteFrame(FrameGuard guarding, BufferData buffer) {
    int type = buffer.get(Frame.TYPE_AT);
    if (type == Frame.WINDOW_UPDATE || type == Frame.RST_STREAM) {
      guarding.sent(type, number(buffer, 5), number(buffer, 9));
    } else if (type == Frame.GOAWAY && buffer.available() >= 17 && number(buffer, 13) != 0) {
      CutReason reason =
          number(buffer, 13) == Frame.ENHANCE_YOUR_CALM ? CutReason.FLOOD : CutReason.BAD_FRAMING;
      guarding.failed(reason);
      if (cut.compareAndSet(false, true)) {
        meters.cut(reason, address);
      }
    }
  }

  private static int number(BufferData buffer, int at) {
    return buffer.get(at) << 24
        | (buffer.get(at + 1) & 0xff) << 16
        | (buffer.get(at + 2) & 0xff) << 8
        | (buffer.get(at + 3) & 0xff);
  }

  /** Ends what has had more time than it may take. */
  void look(long now, HttpSettings settings) {
    FrameGuard guarding = guard;
    Optional<CutReason> late =
        CutReason.SLOW_READER
            .when(writer.writing(now, settings.writeTimeout().toNanos()))
            .or(() -> patience.late(now, settings))
            .or(() -> guarding == null ? Optional.empty() : guarding.late(now, settings));
    if (late.isPresent() && cut.compareAndSet(false, true)) {
      meters.cut(late.get(), address);
    }
    if (late.isPresent() || patience.expired(now, settings)) {
      cut();
    } else if (guarding != null) {
      reset(guarding.slow(now, settings));
    }
  }

  private void reset(List<Integer> streams) {
    if (!streams.isEmpty()) {
      streams.forEach(_ -> meters.cut(CutReason.SLOW_BODY, address));
      aside(() -> {
        streams.forEach(stream -> writer.write(Frame.reset(stream)));
        writer.write(Frame.ping());
      });
    }
  }

  /** Whether nothing has been asked of this connection for so long. */
  boolean idle(long now, long nanos) {
    boolean free =
        patience.in(Phase.CONNECTED)
            || patience.in(Phase.IDLE)
            || (patience.in(Phase.MULTIPLEXED)
                && announced
                && !upgraded
                && inner instanceof InterruptableTask<?> task
                && task.canInterrupt());
    return free && patience.waited(now, nanos);
  }

  private void cut() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException closed) {
      // Somebody else was quicker; the wait is over either way.
      return;
    }
  }

  /** HTTP/2 is told by a frame; HTTP/1.1 with its next answer. */
  void announceClose() {
    if (patience.in(Phase.MULTIPLEXED) && framed && !announced) {
      announced = true;
      aside(() -> writer.write(Frame.farewell()));
    }
  }

  /** The watch itself never waits for a client. */
  private static void aside(Runnable write) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            write.run();
          } catch (RuntimeException closed) {
            // The connection ended first.
            return;
          }
        });
  }

  @Override
  public Duration idleTime() {
    ServerConnection chosen = inner;
    return chosen == null ? Duration.ZERO : chosen.idleTime();
  }

  @Override
  public void close(boolean interrupt) {
    ServerConnection chosen = inner;
    Thread running = thread;
    if (chosen != null) {
      chosen.close(interrupt);
    } else if (running != null) {
      running.interrupt();
    }
  }
}
