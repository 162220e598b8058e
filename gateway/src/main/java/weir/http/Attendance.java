package weir.http;

import io.helidon.common.socket.PeerInfo;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The open connections of a port: counted by address, watched, and told when the port closes. */
final class Attendance implements AutoCloseable {
  private static final long LOOK_MILLIS = 100;

  private final HttpSettings settings;
  private final Set<AttendedConnection> open = ConcurrentHashMap.newKeySet();
  private final Set<StreamThreads> orphans = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<String, Integer> byAddress = new ConcurrentHashMap<>();
  private final AcceptedSockets sockets = new AcceptedSockets();
  private final Thread watch;
  private volatile boolean closing;

  private Attendance(HttpSettings settings) {
    this.settings = settings;
    this.watch = Thread.ofPlatform().daemon().name("http-watch").unstarted(this::watch);
  }

  static Attendance start(HttpSettings settings) {
    Attendance attendance = new Attendance(settings);
    attendance.watch.start();
    return attendance;
  }

  /**
   * By number: a name would be one that its owner chose. Nothing tells it once the client is gone.
   */
  static String address(PeerInfo peer) {
    return switch (peer.address()) {
      case InetSocketAddress from -> from.getAddress().getHostAddress();
      case null -> "unknown";
      default -> peer.host();
    };
  }

  /** Where a connection finds its channel. */
  AcceptedSockets sockets() {
    return sockets;
  }

  /** Whether there is room for one more connection of its address. */
  boolean enter(AttendedConnection connection) {
    int held = byAddress.merge(connection.address(), 1, Integer::sum);
    if (held > settings.maxConnectionsPerAddress()) {
      forget(connection.address());
      return false;
    }
    open.add(connection);
    if (closing) {
      connection.announceClose();
    }
    return true;
  }

  void leave(AttendedConnection connection) {
    open.remove(connection);
    if (!connection.streams().release()) {
      orphans.add(connection.streams());
    }
    forget(connection.address());
  }

  private void forget(String address) {
    byAddress.computeIfPresent(address, (_, held) -> held > 1 ? held - 1 : null);
  }

  /** Whether every answer says that its connection ends. */
  boolean closing() {
    return closing;
  }

  /**
   * Tells every client that its connection ends, and waits until all have left; those idle for the
   * lame-duck time are not waited for, nor is anybody beyond the drain time.
   */
  void drain() {
    closing = true;
    long began = System.nanoTime();
    while (System.nanoTime() - began < settings.drain().toNanos()) {
      open.forEach(AttendedConnection::announceClose);
      long now = System.nanoTime();
      boolean idle = now - began >= settings.lameDuck().toNanos();
      if (open.stream().allMatch(it -> idle && it.idle(now, settings.lameDuck().toNanos()))) {
        return;
      }
      if (!pause(10)) {
        return;
      }
    }
  }

  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void watch() {
    while (pause(LOOK_MILLIS)) {
      long now = System.nanoTime();
      for (AttendedConnection connection : open) {
        connection.look(now, settings);
      }
      sockets.forgetClosed();
      orphans.removeIf(StreamThreads::release);
    }
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
