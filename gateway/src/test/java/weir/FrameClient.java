package weir;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A client that writes HTTP/2 frames as it is told, right or wrong, and keeps what comes back. */
final class FrameClient implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  /** One frame from the server; one that has {@link #ended} follows the last. */
  record Frame(int type, int flags, int stream, String hex) {
    private static final Frame ENDED = new Frame(-1, 0, 0, "");

    /** The first header, an indexed one: 0x88 is ":status: 200". */
    boolean ok() {
      return type == HEADERS && hex.startsWith("88");
    }

    boolean ended() {
      return type < 0;
    }

    boolean refusal() {
      return type == RST_STREAM || type == GOAWAY || ended();
    }
  }

  private final Socket socket;
  private final boolean answersPings;
  private final List<Frame> seen = new CopyOnWriteArrayList<>();
  private final Thread reading;

  private FrameClient(Socket socket, boolean answersPings) {
    this.socket = socket;
    this.answersPings = answersPings;
    this.reading = Thread.ofVirtual().unstarted(this::read);
  }

  /** Connects, and has sent the preface and empty settings. */
  static FrameClient connect(int port, boolean answersPings) throws IOException {
    FrameClient client =
        new FrameClient(new Socket(InetAddress.getLoopbackAddress(), port), answersPings);
    client.reading.start();
    client.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    client.send(SETTINGS, 0, 0);
    return client;
  }

  static FrameClient connect(int port) throws IOException {
    return connect(port, true);
  }

  void send(int type, int flags, int stream, byte... payload) throws IOException {
    sendSaying(payload.length, type, flags, stream, payload);
  }

  /** A frame that says another length than it has. */
  void sendSaying(int length, int type, int flags, int stream, byte... payload) throws IOException {
    write(
        ByteBuffer.allocate(9 + payload.length)
            .putInt(length << 8 | type)
            .put((byte) flags)
            .putInt(stream)
            .put(payload)
            .array());
  }

  private synchronized void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /**
   * A request's headers as literals (RFC 7541, section 6.2.2); the pseudo-headers' names by their
   * place in the static table.
   */
  static byte[] headers(String method, String path, String... more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    String[] pseudo = {"a", method, path, "http"};
    int[] places = {1, 2, 4, 6};
    for (int i = 0; i < places.length; i++) {
      block.write(places[i]);
      text(pseudo[i], block);
    }
    for (int i = 0; i < more.length; i += 2) {
      block.write(0);
      text(more[i], block);
      text(more[i + 1], block);
    }
    return block.toByteArray();
  }

  private static void text(String text, ByteArrayOutputStream block) {
    block.write(text.length());
    block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void read() {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int head = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(head >>> 8);
        Frame frame = new Frame(head & 0xff, flags, stream, HexFormat.of().formatHex(payload));
        seen.add(frame);
        if (frame.type == PING && (flags & 1) == 0 && answersPings) {
          send(PING, 1, 0, payload);
        }
      }
    } catch (EOFException | SocketException ended) {
      seen.add(Frame.ENDED);
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  List<Frame> seen() {
    return seen;
  }

  /** Waits for such a frame; the end of the connection counts as one that is not. */
  Frame await(Predicate<Frame> wanted) {
    while (true) {
      for (Frame frame : seen) {
        if (wanted.test(frame)) {
          return frame;
        }
        if (frame.ended()) {
          throw new AssertionError("the connection ended after " + seen);
        }
      }
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  /** Waits until the server has ended the connection. */
  void awaitEnd() {
    await(Frame::ended);
  }

  /** Asks on that stream and waits for a 200. */
  void assertServed(int stream) throws IOException {
    send(HEADERS, END_STREAM | END_HEADERS, stream, headers("GET", "/v2"));
    await(frame -> frame.stream == stream && frame.ok());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
