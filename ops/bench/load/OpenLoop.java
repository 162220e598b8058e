import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Sends requests at a fixed rate and measures each from the instant at which it was due.
 *
 * <p>Requests are due one after the other at even distances, in turn on each connection. One that
 * finds its connection still waiting is sent late and its wait counts: a stall of the server meets
 * every request that was due in it, not one for each connection.
 *
 * <p>Arguments: URL, file with the body, requests per second, seconds, connections, and if wanted the
 * loopback address to send from. The first second is not measured. Prints {@code RESULT requests
 * micros p50 p99 p999 errors idle answered limited full p50 p99}, latencies in microseconds; {@code
 * idle} is the median delay of this program's own clock; the last five are of the measured requests
 * alone: those answered, refused with 429 and with 503, and the latencies of those answered.
 */
public final class OpenLoop {
  private static final long SECOND = 1_000_000_000L;
  private static final int USERS = 256;

  public static void main(String[] args) throws IOException, InterruptedException {
    URI target = URI.create(args[0]);
    byte[][] requests = requests(target, Files.readAllBytes(Path.of(args[1])));
    int rate = Integer.parseInt(args[2]);
    int seconds = Integer.parseInt(args[3]);
    int connections = Integer.parseInt(args[4]);
    InetAddress from = args.length > 5 ? InetAddress.getByName(args[5]) : InetAddress.getLoopbackAddress();
    long begin = System.nanoTime() + SECOND / 5;
    List<Lane> lanes = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      int count = Math.toIntExact((long) rate * (seconds + 1) / connections);
      Schedule due = new Schedule(begin + i * SECOND / rate, (double) SECOND * connections / rate, count);
      lanes.add(new Lane(from, target.getPort(), requests, i, due));
    }
    for (Lane lane : lanes) {
      lane.start();
    }
    for (Lane lane : lanes) {
      lane.join();
    }
    print(lanes, begin + SECOND, seconds);
  }

  private static byte[][] requests(URI target, byte[] body) {
    byte[][] requests = new byte[USERS][];
    for (int user = 0; user < USERS; user++) {
      byte[] head =
          ("POST " + target.getPath() + " HTTP/1.1\r\nHost: " + target.getAuthority()
                  + "\r\nContent-Type: application/json\r\nx-user-id: user-" + (user + 1)
                  + "\r\nContent-Length: " + body.length + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      requests[user] = Arrays.copyOf(head, head.length + body.length);
      System.arraycopy(body, 0, requests[user], head.length, body.length);
    }
    return requests;
  }

  private static void print(List<Lane> lanes, long from, int seconds) {
    long[] latencies = lanes.stream().flatMapToLong(lane -> lane.measured(lane.latencies, from)).sorted().toArray();
    long[] delays = lanes.stream().flatMapToLong(lane -> lane.measured(lane.delays, from)).sorted().toArray();
    long errors = lanes.stream().mapToLong(lane -> lane.errors).sum();
    long[] answered = lanes.stream().flatMapToLong(lane -> lane.measured(lane.latencies, from, 200)).sorted().toArray();
    long limited = lanes.stream().mapToLong(lane -> lane.measured(lane.latencies, from, 429).count()).sum();
    long full = lanes.stream().mapToLong(lane -> lane.measured(lane.latencies, from, 503).count()).sum();
    System.out.printf(
        "RESULT %d %d %d %d %d %d %d %d %d %d %d %d%n",
        latencies.length, seconds * 1_000_000L, at(latencies, 0.5), at(latencies, 0.99), at(latencies, 0.999), errors, at(delays, 0.5),
        answered.length, limited, full, at(answered, 0.5), at(answered, 0.99));
  }

  private static long at(long[] sorted, double share) {
    return sorted.length == 0 ? -1 : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1_000;
  }

  private record Schedule(long first, double distance, int count) {
    long due(int number) {
      return first + (long) (number * distance);
    }
  }

  /** One connection and its share of the requests. */
  private static final class Lane extends Thread {
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final InetAddress from;
    private final int port;
    private final byte[][] requests;
    private final int number;
    private final Schedule schedule;
    private final long[] latencies;
    private final long[] delays;
    private final short[] statuses;
    private final byte[] buffer = new byte[16_384];
    private int errors;
    private Socket socket;

    Lane(InetAddress from, int port, byte[][] requests, int number, Schedule schedule) {
      this.from = from;
      this.port = port;
      this.requests = requests;
      this.number = number;
      this.schedule = schedule;
      latencies = new long[schedule.count()];
      delays = new long[schedule.count()];
      statuses = new short[schedule.count()];
    }

    @Override
    public void run() {
      for (int i = 0; i < schedule.count(); i++) {
        long due = schedule.due(i);
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        delays[i] = System.nanoTime() - due;
        try {
          statuses[i] = exchange(requests[(number * 31 + i) % USERS]);
        } catch (IOException e) {
          errors++;
          close();
        }
        latencies[i] = System.nanoTime() - due;
      }
      close();
    }

    LongStream measured(long[] values, long from) {
      return java.util.stream.IntStream.range(0, values.length).filter(i -> schedule.due(i) >= from).mapToLong(i -> values[i]);
    }

    LongStream measured(long[] values, long from, int status) {
      return java.util.stream.IntStream.range(0, values.length)
          .filter(i -> schedule.due(i) >= from && statuses[i] == status)
          .mapToLong(i -> values[i]);
    }

    private short exchange(byte[] request) throws IOException {
      if (socket == null) {
        socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(5_000);
      }
      socket.getOutputStream().write(request);
      InputStream in = socket.getInputStream();
      int filled = 0;
      int whole = Integer.MAX_VALUE;
      while (filled < whole) {
        int got = in.read(buffer, filled, buffer.length - filled);
        if (got <= 0) {
          throw new EOFException("closed within an answer");
        }
        filled += got;
        if (whole == Integer.MAX_VALUE) {
          whole = wholeLength(filled);
        }
      }
      if (buffer[9] != '2') {
        errors++;
      }
      return (short) number(9);
    }

    /** Length of head and body, or the largest number while the head is not whole. */
    private int wholeLength(int filled) {
      int length = 0;
      for (int i = 0; i + 3 < filled; i++) {
        if (buffer[i] != '\r') {
          continue;
        }
        if (buffer[i + 2] == '\r') {
          return i + 4 + length;
        }
        if (isLength(i + 2, filled)) {
          length = number(i + 2 + LENGTH.length);
        }
      }
      return Integer.MAX_VALUE;
    }

    private boolean isLength(int at, int filled) {
      for (int i = 0; i < LENGTH.length; i++) {
        if (at + i >= filled || Character.toLowerCase(buffer[at + i]) != LENGTH[i]) {
          return false;
        }
      }
      return true;
    }

    private int number(int at) {
      int value = 0;
      for (int i = buffer[at] == ' ' ? at + 1 : at; buffer[i] >= '0' && buffer[i] <= '9'; i++) {
        value = value * 10 + buffer[i] - '0';
      }
      return value;
    }

    private void close() {
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        errors++;
      }
      socket = null;
    }
  }
}
