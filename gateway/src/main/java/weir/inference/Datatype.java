package weir.inference;

import java.util.Optional;

/**
 * The element types of the Open Inference Protocol V2.
 *
 * <p>Every number is held little-endian. A {@link #BYTES} element is a four-byte length and then
 * that many bytes, as in the protocol's binary tensor extension.
 */
public enum Datatype {
  BOOL(1, Kind.BOOLEAN),
  UINT8(1, Kind.UNSIGNED),
  UINT16(2, Kind.UNSIGNED),
  UINT32(4, Kind.UNSIGNED),
  UINT64(8, Kind.UNSIGNED),
  INT8(1, Kind.SIGNED),
  INT16(2, Kind.SIGNED),
  INT32(4, Kind.SIGNED),
  INT64(8, Kind.SIGNED),
  FP16(2, Kind.FLOATING),
  BF16(2, Kind.FLOATING),
  FP32(4, Kind.FLOATING),
  FP64(8, Kind.FLOATING),
  BYTES(0, Kind.BYTES);

  /** What family of values a datatype belongs to. */
  public enum Kind {
    BOOLEAN,
    UNSIGNED,
    SIGNED,
    FLOATING,
    BYTES
  }

  private final int width;
  private final Kind kind;

  Datatype(int width, Kind kind) {
    this.width = width;
    this.kind = kind;
  }

  /** Bytes of one element; 0 for {@link #BYTES}, whose elements differ in length. */
  public int width() {
    return width;
  }

  public Kind kind() {
    return kind;
  }

  /** The datatype of that exact name, or empty when the protocol has none. */
  public static Optional<Datatype> named(String name) {
    for (Datatype datatype : VALUES) {
      if (datatype.name().equals(name)) {
        return Optional.of(datatype);
      }
    }
    return Optional.empty();
  }

  private static final Datatype[] VALUES = values();
}
