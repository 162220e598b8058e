package weir.backend;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import weir.inference.Quoted;
import weir.inference.Variant;

/**
 * Looks through an ONNX file for what must not reach native code: data in other files, and tensors
 * that are larger in memory than the file that brings them.
 *
 * <p>Walks the messages of <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">
 * onnx.proto</a> that can hold a tensor; everything else is ONNX Runtime's to judge.
 */
final class ModelInspection {
  /** As deep as protocol buffers go in native code. */
  private static final int DEPTH_MAX = 100;

  /** The smallest element type has two bits, and so four fit into a byte. */
  private static final int ELEMENTS_PER_BYTE_MAX = 4;

  private static final int EXTERNAL = 1;

  /** The messages on the way to a tensor, with the numbers of the fields that lead on. */
  private enum Message {
    MODEL,
    GRAPH,
    NODE,
    ATTRIBUTE,
    FUNCTION,
    TRAINING,
    TENSOR,
    SPARSE,
    OTHER;

    Message at(int field) {
      return switch (this) {
        case MODEL ->
            switch (field) {
              case 7 -> GRAPH;
              case 20 -> TRAINING;
              case 25 -> FUNCTION;
              default -> OTHER;
            };
        case GRAPH ->
            switch (field) {
              case 1 -> NODE;
              case 5 -> TENSOR;
              case 15 -> SPARSE;
              default -> OTHER;
            };
        case NODE -> field == 5 ? ATTRIBUTE : OTHER;
        case ATTRIBUTE ->
            switch (field) {
              case 5, 10 -> TENSOR;
              case 6, 11 -> GRAPH;
              case 22, 23 -> SPARSE;
              default -> OTHER;
            };
        case FUNCTION ->
            switch (field) {
              case 7 -> NODE;
              case 11 -> ATTRIBUTE;
              default -> OTHER;
            };
        case TRAINING -> field == 1 || field == 2 ? GRAPH : OTHER;
        case TENSOR, SPARSE, OTHER -> OTHER;
      };
    }
  }

  private final CodedInputStream in;

  private final Variant variant;

  private ModelInspection(Variant variant, byte[] model) {
    this.variant = variant;
    this.in = CodedInputStream.newInstance(model);
  }

  /** Throws when that file must not be loaded. */
  static void check(Variant variant, byte[] model) throws ModelRefusedException {
    try {
      new ModelInspection(variant, model).walk(Message.MODEL, 0);
    } catch (IOException e) {
      throw new ModelRefusedException(
          "the file of %s is not an ONNX model, or not all of one; copy it again"
              .formatted(variant));
    }
  }

  private void walk(Message message, int depth) throws IOException, ModelRefusedException {
    if (depth > DEPTH_MAX) {
      throw refused("it nests its graphs more than %d messages deep".formatted(DEPTH_MAX));
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      Message next = message.at(WireFormat.getTagFieldNumber(tag));
      if (next == Message.OTHER
          || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        in.skipField(tag);
        continue;
      }
      int length = in.readRawVarint32();
      int outer = in.pushLimit(length);
      switch (next) {
        case TENSOR -> tensor(length);
        case SPARSE ->
            throw refused(
                "it holds a sparse tensor, whose size in memory the file does not bound; store it dense");
        case MODEL, GRAPH, NODE, ATTRIBUTE, FUNCTION, TRAINING, OTHER -> walk(next, depth + 1);
      }
      in.popLimit(outer);
    }
  }

  private void tensor(int length) throws IOException, ModelRefusedException {
    long elements = 1;
    String name = "";
    boolean external = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case 1 << 3 | WireFormat.WIRETYPE_VARINT -> elements = times(elements, in.readInt64());
        case 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
          int outer = in.pushLimit(in.readRawVarint32());
          while (!in.isAtEnd()) {
            elements = times(elements, in.readInt64());
          }
          in.popLimit(outer);
        }
        case 8 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> name = in.readString();
        case 14 << 3 | WireFormat.WIRETYPE_VARINT -> external |= in.readEnum() == EXTERNAL;
        case 13 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
          external = true;
          in.skipField(tag);
        }
        default -> in.skipField(tag);
      }
    }
    if (external) {
      throw refused(
          "its tensor %s keeps its data in another file; save the model as one file"
              .formatted(Quoted.name(name)));
    }
    if (elements > (long) length * ELEMENTS_PER_BYTE_MAX) {
      throw refused(
          "its tensor %s declares more elements than its %d bytes can hold"
              .formatted(Quoted.name(name), length));
    }
  }

  private ModelRefusedException refused(String why) {
    return new ModelRefusedException("the model of %s is refused: %s".formatted(variant, why));
  }

  /** The product, or the largest number when it is larger or a dimension is negative. */
  private static long times(long product, long dimension) {
    if (dimension < 0) {
      return Long.MAX_VALUE;
    }
    return Math.multiplyHigh(product, dimension) == 0 && product * dimension >= 0
        ? product * dimension
        : Long.MAX_VALUE;
  }
}
