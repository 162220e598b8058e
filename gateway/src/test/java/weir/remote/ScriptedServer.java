package weir.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A server that answers each request with the same bytes, whatever they mean. */
final class ScriptedServer implements AutoCloseable {
  /** What becomes of a connection when its request has been read. */
  private interface Script {
    /** Whether the connection stays open for another request. */
    boolean answer(OutputStream out) throws IOException;
  }

  private final ServerSocket listener;
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch firstClosed = new CountDownLatch(1);
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final Script script;
  private final boolean deaf;

  private ScriptedServer(Script script, boolean deaf) throws IOException {
    this.script = script;
    this.deaf = deaf;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  static ScriptedServer answering(String bytes) throws IOException {
    return new ScriptedServer(out -> write(out, bytes, true), false);
  }

  /** Closes each connection after the bytes. */
  static ScriptedServer answeringOnce(String bytes) throws IOException {
    return new ScriptedServer(out -> write(out, bytes, false), false);
  }

  /** Keeps to the protocol, and closes each connection after one answer without a word. */
  static ScriptedServer closingAfterEach(String bytes) throws IOException {
    return answeringOnce(bytes);
  }

  /** Begins so, then sends a byte that means nothing now and then, without end. */
  static ScriptedServer dribbling(String beginning) throws IOException {
    return new ScriptedServer(
        out -> {
          write(out, beginning, true);
          String drip = beginning.endsWith("chunked\r\n\r\n") ? "1\r\nx\r\n" : "";
          while (true) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            if (!beginning.isEmpty()) {
              write(out, drip.isEmpty() ? "x" : drip, true);
            } else if (Thread.currentThread().isInterrupted()) {
              return false;
            }
          }
        },
        false);
  }

  /** Answers the first {@code together} requests once all of them are there, and no others. */
  static ScriptedServer answeringFirst(int together, String bytes) throws IOException {
    CountDownLatch there = new CountDownLatch(together);
    return new ScriptedServer(
        out -> {
          boolean silent = there.getCount() == 0;
          there.countDown();
          try {
            there.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return silent || write(out, bytes, true);
        },
        false);
  }

  /** Reads nothing and says nothing. */
  static ScriptedServer deaf() throws IOException {
    return new ScriptedServer(_ -> true, true);
  }

  private static boolean write(OutputStream out, String bytes, boolean keep) throws IOException {
    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return keep;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // The listener was closed: the test is over.
      return;
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      if (deaf) {
        LockSupport.parkNanos(Duration.ofMinutes(1).toNanos());
        return;
      }
      while (request(socket.getInputStream())) {
        if (!script.answer(socket.getOutputStream())) {
          break;
        }
      }
    } catch (IOException e) {
      // The client has gone, as some tests want it to.
      return;
    } finally {
      firstClosed.countDown();
    }
  }

  /** Reads to the end of the two bytes of body that every request here has. */
  private boolean request(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith("\r\n\r\n{}")) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      text.append((char) next);
    }
    received.add(text.toString());
    return true;
  }

  int port() {
    return listener.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  String received() {
    return String.join("", received);
  }

  void awaitClosed() throws InterruptedException {
    if (!firstClosed.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the connection was not closed");
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
