import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * Sends requests at a fixed rate and measures each from the instant at which it was due.
 *
 * <p>Requests are due one after the other at even distances, in turn on each connection. One that
 * finds its connection still waiting is sent late and its wait counts: a stall of the server meets
 * every request that was due in it, not one for each connection. One thread sends and one receives,
 * whatever the connections are, so that little of the machine is taken from the server.
 *
 * <p>Arguments: URL, file with the body, requests per second, seconds, connections, and if wanted the
 * loopback address to send from. The first second is not measured. Prints {@code RESULT requests
 * micros p50 p99 p999 errors idle answered limited full p50 p99}, latencies in microseconds; {@code
 * idle} is the median delay of this program's own clock; the last five are of the measured requests
 * alone: those answered, refused with 429 and with 503, and the latencies of those answered.
 */
public final class OpenLoop {
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE = 5 * SECOND;
  private static final int USERS = 256;
  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

  private final InetSocketAddress target;
  private final InetAddress from;
  private final ByteBuffer[] requests;
  private final Selector selector = Selector.open();
  private final double distance;
  private final long[] latencies;
  private final long[] delays;
  private final short[] statuses;
  private final Lane[] lanes;
  private long begin;
  private int errors;

  private OpenLoop(URI url, byte[] body, int rate, int seconds, int connections, InetAddress from) throws IOException {
    this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort());
    this.from = from;
    this.requests = requests(url, body);
    this.distance = (double) SECOND / rate;
    int count = Math.multiplyExact(rate, seconds + 1);
    this.latencies = new long[count];
    this.delays = new long[count];
    this.statuses = new short[count];
    this.lanes = new Lane[connections];
    for (int i = 0; i < connections; i++) {
      lanes[i] = new Lane(i);
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    int seconds = Integer.parseInt(args[3]);
    OpenLoop loop =
        new OpenLoop(
            URI.create(args[0]),
            Files.readAllBytes(Path.of(args[1])),
            Integer.parseInt(args[2]),
            seconds,
            Integer.parseInt(args[4]),
            args.length > 5 ? InetAddress.getByName(args[5]) : InetAddress.getLoopbackAddress());
    loop.run();
    loop.print(seconds);
  }

  private static ByteBuffer[] requests(URI target, byte[] body) {
    ByteBuffer[] requests = new ByteBuffer[USERS];
    for (int user = 0; user < USERS; user++) {
      byte[] head =
          ("POST " + target.getPath() + " HTTP/1.1\r\nHost: " + target.getAuthority()
                  + "\r\nContent-Type: application/json\r\nx-user-id: user-" + (user + 1)
                  + "\r\nContent-Length: " + body.length + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      requests[user] = ByteBuffer.allocateDirect(head.length + body.length).put(head).put(body).flip();
    }
    return requests;
  }

  private void run() throws IOException, InterruptedException {
    for (Lane lane : lanes) {
      lane.open();
    }
    begin = System.nanoTime() + SECOND / 5;
    Thread sender = new Thread(this::send, "sender");
    sender.start();
    long looked = System.nanoTime();
    while (Arrays.stream(lanes).anyMatch(lane -> !lane.done())) {
      selector.select(key -> ((Lane) key.attachment()).readable(), 100);
      if (System.nanoTime() - looked > SECOND / 10) {
        looked = System.nanoTime();
        for (Lane lane : lanes) {
          lane.expire(looked);
        }
      }
    }
    sender.join();
  }

  private void send() {
    for (int i = 0; i < latencies.length; i++) {
      for (long wait = due(i) - System.nanoTime(); wait > 0; wait = due(i) - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      delays[i] = System.nanoTime() - due(i);
      lanes[i % lanes.length].fallsDue();
    }
  }

  private long due(int number) {
    return begin + (long) (number * distance);
  }

  private void print(int seconds) {
    long[] all = measured(latencies, _ -> true);
    long[] answered = measured(latencies, status -> status == 200);
    System.out.printf(
        "RESULT %d %d %d %d %d %d %d %d %d %d %d %d%n",
        all.length, seconds * 1_000_000L, at(all, 0.5), at(all, 0.99), at(all, 0.999), errors, at(measured(delays, _ -> true), 0.5),
        answered.length, measured(latencies, status -> status == 429).length, measured(latencies, status -> status == 503).length,
        at(answered, 0.5), at(answered, 0.99));
  }

  /** Those of requests due after the first second, ascending. */
  private long[] measured(long[] values, LongPredicate status) {
    return IntStream.range(0, values.length)
        .filter(i -> due(i) >= begin + SECOND && status.test(statuses[i]))
        .mapToLong(i -> values[i])
        .sorted()
        .toArray();
  }

  private static long at(long[] sorted, double share) {
    return sorted.length == 0 ? -1 : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1_000;
  }

  /** One connection, which has one request under way at most. Both threads use it, one at a time. */
  private final class Lane {
    private final ByteBuffer answer = ByteBuffer.allocate(16_384);
    private SocketChannel channel;
    private int next; // of all requests, the one that is under way or comes then
    private int allDue; // those before it are due
    private boolean waiting;
    private int whole;

    Lane(int number) {
      next = number;
      allDue = number;
    }

    synchronized void open() throws IOException {
      channel = SocketChannel.open();
      channel.bind(new InetSocketAddress(from, 0));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(target);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
      selector.wakeup();
    }

    synchronized boolean done() {
      return next >= latencies.length;
    }

    synchronized void fallsDue() {
      allDue += lanes.length;
      sendDue();
    }

    private void sendDue() {
      while (!waiting && next < allDue) {
        try {
          if (channel == null) {
            open();
          }
          ByteBuffer request = requests[next * 31 % USERS].duplicate();
          while (request.hasRemaining()) {
            channel.write(request); // one request fits into the socket's buffer
          }
          answer.clear();
          whole = Integer.MAX_VALUE;
          waiting = true;
        } catch (IOException e) {
          fail();
        }
      }
    }

    synchronized void readable() {
      if (channel == null || !channel.isOpen()) {
        return;
      }
      try {
        int got = channel.read(answer);
        if (got < 0 || !answer.hasRemaining() || (got > 0 && !waiting)) {
          throw new EOFException("closed, or spoke too long or outside of an answer");
        }
        if (whole == Integer.MAX_VALUE) {
          whole = wholeLength();
        }
        if (waiting && answer.position() >= whole) {
          finish(number(9));
          sendDue();
        }
      } catch (IOException e) {
        if (waiting) {
          fail();
        } else {
          close();
        }
        sendDue();
      }
    }

    synchronized void expire(long now) {
      if (waiting && now - due(next) > PATIENCE) {
        fail();
        sendDue();
      }
    }

    private void fail() {
      close();
      finish(0);
    }

    private void finish(int status) {
      if (status / 100 != 2) {
        count();
      }
      statuses[next] = (short) status;
      latencies[next] = System.nanoTime() - due(next);
      next += lanes.length;
      waiting = false;
    }

    private void close() {
      try {
        if (channel != null) {
          channel.close();
        }
      } catch (IOException e) {
        count();
      }
      channel = null;
    }

    /** Length of head and body, or the largest number while the head is not whole. */
    private int wholeLength() {
      int length = 0;
      for (int i = 0; i + 3 < answer.position(); i++) {
        if (answer.get(i) != '\r') {
          continue;
        }
        if (answer.get(i + 2) == '\r') {
          return i + 4 + length;
        }
        if (isLength(i + 2)) {
          length = number(i + 2 + LENGTH.length);
        }
      }
      return Integer.MAX_VALUE;
    }

    private boolean isLength(int at) {
      for (int i = 0; i < LENGTH.length; i++) {
        if (at + i >= answer.position() || Character.toLowerCase(answer.get(at + i)) != LENGTH[i]) {
          return false;
        }
      }
      return true;
    }

    private int number(int at) {
      int value = 0;
      for (int i = answer.get(at) == ' ' ? at + 1 : at; answer.get(i) >= '0' && answer.get(i) <= '9'; i++) {
        value = value * 10 + answer.get(i) - '0';
      }
      return value;
    }
  }

  private synchronized void count() {
    errors++;
  }
}
