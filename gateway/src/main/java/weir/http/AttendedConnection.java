package weir.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A connection that knows how long its client has kept it waiting.
 *
 * <p>Its thread notes when a phase, a read or a write begins (two clock readings a request); {@link
 * Attendance} compares and closes the socket, which ends the wait.
 */
final class AttendedConnection implements ServerConnection, ConnectionContext {
  /** GOAWAY, no error, last stream 2³¹−1: no new streams, those begun are finished (RFC 9113). */
  private static final byte[] GOAWAY = {
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0
  };

  private enum Phase {
    CONNECTED,
    HEADERS,
    SERVING,
    IDLE,
    MULTIPLEXED
  }

  private final ConnectionContext context;
  private final Attendance attendance;
  private final AttendedSelector selector;
  private final DataReader reader;
  private final AttendedWriter writer;
  private final String address;
  private volatile Phase phase = Phase.CONNECTED;
  private volatile long since = System.nanoTime();
  private volatile long readingSince;
  private volatile boolean framed;
  private volatile boolean upgraded;
  private volatile boolean announced;
  private volatile @Nullable ServerConnection inner;
  private volatile @Nullable Thread thread;

  AttendedConnection(ConnectionContext context, Attendance attendance, AttendedSelector selector) {
    this.context = context;
    this.attendance = attendance;
    this.selector = selector;
    this.reader = DataReader.create(this::read);
    this.writer = new AttendedWriter(context, this);
    this.address = context.remotePeer().host();
  }

  String address() {
    return address;
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    if (!attendance.enter(this)) {
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
    DataReader source = context.dataReader();
    readingSince = System.nanoTime();
    try {
      source.ensureAvailable();
      byte[] bytes = source.readBytes(source.available());
      if (phase == Phase.CONNECTED || phase == Phase.IDLE) {
        begin(Phase.HEADERS);
      }
      return bytes;
    } catch (DataReader.InsufficientDataAvailableException e) {
      return null;
    } finally {
      readingSince = 0;
    }
  }

  private void begin(Phase next) {
    since = System.nanoTime();
    phase = next;
  }

  void headersRead() {
    begin(Phase.SERVING);
  }

  void answered() {
    if (phase != Phase.MULTIPLEXED) {
      begin(Phase.IDLE);
    }
  }

  void multiplexed() {
    begin(Phase.MULTIPLEXED);
  }

  /** Something was written whole. */
  void wrote() {
    framed = phase == Phase.MULTIPLEXED;
  }

  /** The answer under way changes the protocol. */
  void switched() {
    if (phase == Phase.SERVING) {
      upgraded = true;
      multiplexed();
    }
  }

  /** Whether the client has had more time than it may take. */
  boolean late(long now, HttpSettings settings) {
    long writing = writer.since();
    if (writing != 0 && now - writing > settings.writeTimeout().toNanos()) {
      return true;
    }
    long reading = readingSince;
    if (reading == 0) {
      return false;
    }
    long spent = now - since;
    return switch (phase) {
      case CONNECTED -> spent > settings.firstByteTimeout().toNanos();
      case HEADERS -> spent > settings.headerTimeout().toNanos();
      case SERVING ->
          spent > settings.bodyTimeout().toNanos()
              || now - reading > settings.readTimeout().toNanos();
      case IDLE -> now - reading > settings.idleTimeout().toNanos();
      case MULTIPLEXED -> now - reading > settings.idleTimeout().toNanos();
    };
  }

  /** Whether nothing has been asked of this connection for so long. */
  boolean idle(long now, long nanos) {
    long reading = readingSince;
    boolean free =
        switch (phase) {
          case CONNECTED, IDLE -> true;
          case HEADERS, SERVING -> false;
          case MULTIPLEXED ->
              announced
                  && !upgraded
                  && inner instanceof InterruptableTask<?> task
                  && task.canInterrupt();
        };
    return free && reading != 0 && now - reading >= nanos;
  }

  void cut() {
    try {
      context.serverSocket().close();
    } catch (UncheckedIOException closed) {
      // Somebody else was quicker; the wait is over either way.
      return;
    }
  }

  /** HTTP/2 is told by a frame; HTTP/1.1 with its next answer. */
  void announceClose() {
    if (phase == Phase.MULTIPLEXED && framed && !announced) {
      announced = true;
      Thread.ofVirtual().start(() -> writer.writeNow(BufferData.create(GOAWAY)));
    }
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

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public DataWriter dataWriter() {
    return writer;
  }

  @Override
  public ListenerContext listenerContext() {
    return context.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return context.executor();
  }

  @Override
  public Router router() {
    return context.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return context.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return context.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return context.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return context.localPeer();
  }

  @Override
  public boolean isSecure() {
    return context.isSecure();
  }

  @Override
  public String socketId() {
    return context.socketId();
  }

  @Override
  public String childSocketId() {
    return context.childSocketId();
  }
}
