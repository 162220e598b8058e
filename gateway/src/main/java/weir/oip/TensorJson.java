package weir.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import weir.inference.Shape;
import weir.inference.Tensor;

/** A tensor as the protocol's object: of an answer's outputs, or of a request's inputs. */
final class TensorJson {
  private static final int FRAME_BYTES = 64;
  private static final int BINARY_FRAME_BYTES = 104;
  private static final int DIMENSION_BYTES = 4;
  private static final int NUMBER_BYTES = 14;

  private TensorJson() {}

  /** About how many bytes the tensor takes, with those behind the JSON. */
  static long expectedBytes(Tensor tensor, boolean binary) {
    return (long) (binary ? BINARY_FRAME_BYTES : FRAME_BYTES)
        + tensor.name().length()
        + (long) DIMENSION_BYTES * tensor.shape().rank()
        + (binary || tensor.datatype().width() == 0
            ? tensor.data().limit()
            : (long) NUMBER_BYTES * tensor.elements());
  }

  /** Writes the object; the values of a binary one follow the JSON. */
  static void write(JsonGenerator json, Tensor tensor, boolean binary) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", tensor.name());
    json.writeFieldName("shape");
    writeShape(json, tensor.shape());
    json.writeStringField("datatype", tensor.datatype().name());
    if (binary) {
      json.writeObjectFieldStart("parameters");
      json.writeNumberField("binary_data_size", tensor.data().limit());
      json.writeEndObject();
    } else {
      json.writeFieldName("data");
      TensorText.write(json, tensor);
    }
    json.writeEndObject();
  }

  static void writeShape(JsonGenerator json, Shape shape) throws IOException {
    json.writeStartArray();
    for (int i = 0; i < shape.rank(); i++) {
      json.writeNumber(shape.dimension(i));
    }
    json.writeEndArray();
  }
}
