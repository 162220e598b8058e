import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The least a JVM can do to pass one request on: read it, send it over a kept connection, read the
 * answer, send that.
 *
 * <p>It routes, checks, records and bounds nothing; what Weir costs above it is the price of that.
 */
public final class BareProxy {
  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  private final int upstream;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

  private BareProxy(int upstream) {
    this.upstream = upstream;
  }

  public static void main(String[] args) {
    BareProxy proxy = new BareProxy(Integer.parseInt(args[0]));
    WebServer.builder()
        .host("127.0.0.1")
        .port(Integer.parseInt(args[1]))
        .connectionOptions(it -> it.tcpNoDelay(true))
        .addProtocol(Http1Config.builder().sendKeepAliveHeader(false).build())
        .routing(routing -> routing.post("/*", proxy::handle))
        .build()
        .start();
  }

  private void handle(ServerRequest request, ServerResponse response) throws IOException {
    byte[] body = request.content().as(byte[].class);
    Connection connection = idle.pollFirst();
    if (connection == null) {
      connection = new Connection(upstream);
    }
    boolean whole = false;
    Answer answer;
    try {
      answer = connection.exchange(request.path().path(), body);
      whole = true;
    } finally {
      if (!whole) {
        connection.socket.close();
      }
    }
    idle.addFirst(connection);
    response.status(Status.create(answer.status()));
    response.header(JSON);
    response.send(answer.body());
  }

  private record Answer(int status, byte[] body) {}

  /** One connection, which carries one request at a time. */
  private static final class Connection {
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[16_384];

    Connection(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    Answer exchange(String path, byte[] body) throws IOException {
      byte[] head =
          ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                  + "Content-Length: " + body.length + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      byte[] message = new byte[head.length + body.length];
      System.arraycopy(head, 0, message, 0, head.length);
      System.arraycopy(body, 0, message, head.length, body.length);
      out.write(message);
      return answer();
    }

    private Answer answer() throws IOException {
      int filled = 0;
      int end = -1;
      while (end < 0) {
        int from = Math.max(0, filled - 3);
        filled += read(filled, buffer.length - filled);
        end = blankLine(from, filled);
      }
      int status = number(9);
      byte[] body = new byte[length(end)];
      int there = Math.min(filled - end, body.length);
      System.arraycopy(buffer, end, body, 0, there);
      if (in.readNBytes(body, there, body.length - there) < body.length - there) {
        throw new EOFException("the upstream closed within its answer");
      }
      return new Answer(status, body);
    }

    private int read(int at, int room) throws IOException {
      int got = room == 0 ? -1 : in.read(buffer, at, room);
      if (got < 0) {
        throw new EOFException("no whole head came from the upstream");
      }
      return got;
    }

    /** Where the body begins, or -1. */
    private int blankLine(int from, int to) {
      for (int i = from; i + 3 < to; i++) {
        if (buffer[i] == '\r' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
          return i + 4;
        }
      }
      return -1;
    }

    private int length(int headEnd) throws IOException {
      for (int i = 0; i < headEnd; i++) {
        if (buffer[i] == '\n' && startsWithLength(i + 1)) {
          return number(i + 1 + LENGTH.length);
        }
      }
      throw new IOException(
          String.format(Locale.ROOT, "an answer without a length, %d bytes of head", headEnd));
    }

    private boolean startsWithLength(int at) {
      for (int i = 0; i < LENGTH.length; i++) {
        if (Character.toLowerCase(buffer[at + i]) != LENGTH[i]) {
          return false;
        }
      }
      return true;
    }

    private int number(int at) {
      int start = buffer[at] == ' ' ? at + 1 : at;
      int value = 0;
      for (int i = start; buffer[i] >= '0' && buffer[i] <= '9'; i++) {
        value = value * 10 + buffer[i] - '0';
      }
      return value;
    }
  }
}
