package weir.oip;

/** What became of an answer's outputs: the bytes of a body, or why they cannot be said. */
public sealed interface Encoded {
  /**
   * A body. {@code jsonLength} is the value for the header {@code Inference-Header-Content-Length},
   * or −1 when all of it is JSON and no header is due.
   */
  final class Body implements Encoded {
    private final byte[] bytes;
    private final int length;
    private final int jsonLength;

    Body(byte[] bytes, int length, int jsonLength) {
      this.bytes = bytes;
      this.length = length;
      this.jsonLength = jsonLength;
    }

    /** The body's own array, not a copy; only the first {@link #length} bytes count. */
    public byte[] bytes() {
      return bytes;
    }

    public int length() {
      return length;
    }

    public int jsonLength() {
      return jsonLength;
    }
  }

  /** JSON has no way to say one of the model's values; {@code message} names output and element. */
  record Unsayable(String output, String message) implements Encoded {}
}
