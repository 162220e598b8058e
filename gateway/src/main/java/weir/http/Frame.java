package weir.http;

import java.nio.ByteBuffer;

/** The head of an HTTP/2 frame (RFC 9113, section 4.1). */
record Frame(int length, int type, int flags, int stream) {
  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  static final int HEADER_BYTES = 9;
  static final int TYPE_AT = 3;
  static final int FIRST_WINDOW_BYTES = 65_535;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  /** A type that nobody knows, and so everybody skips. */
  static final byte UNKNOWN = 0x7f;

  static final int PROTOCOL_ERROR = 1;
  static final int CANCEL = 8;
  static final int ENHANCE_YOUR_CALM = 11;

  static final Frame NONE = new Frame(0, UNKNOWN, 0, 0);

  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int LAST_STREAM = Integer.MAX_VALUE;

  static Frame of(byte[] header) {
    ByteBuffer bytes = ByteBuffer.wrap(header);
    int head = bytes.getInt();
    int flags = bytes.get() & 0xff;
    return new Frame(head >>> 8, head & 0xff, flags, bytes.getInt() & Integer.MAX_VALUE);
  }

  /** No error, last stream 2³¹−1: no new streams, those begun are finished. */
  static byte[] farewell() {
    return goAway(0);
  }

  static byte[] goAway(int code) {
    return bytes(new Frame(8, GOAWAY, 0, 0)).putInt(LAST_STREAM).putInt(code).array();
  }

  static byte[] reset(int stream) {
    return bytes(new Frame(4, RST_STREAM, 0, stream)).putInt(CANCEL).array();
  }

  static byte[] ping() {
    return bytes(new Frame(8, PING, 0, 0)).array();
  }

  static byte[] windowUpdate(int bytes) {
    return bytes(new Frame(4, WINDOW_UPDATE, 0, 0)).putInt(bytes).array();
  }

  private static ByteBuffer bytes(Frame frame) {
    return ByteBuffer.allocate(HEADER_BYTES + frame.length)
        .putInt(frame.length << 8 | frame.type)
        .put((byte) frame.flags)
        .putInt(frame.stream);
  }

  boolean ofStream() {
    return type == DATA || type == RST_STREAM;
  }

  boolean endsStream() {
    return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
  }

  /** Whether more of a block of headers has to follow. */
  boolean opensBlock() {
    return (type == HEADERS || type == CONTINUATION) && (flags & END_HEADERS) == 0;
  }
}
