package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;

/** What the encoder writes as outputs, the decoder reads as inputs, bit for bit. */
class RoundTripTest {
  private static final List<Datatype> DATATYPES = List.of(Datatype.values());

  private final Random random = new Random(42);
  private final ResponseEncoder encoder = new ResponseEncoder();
  private final RequestDecoder decoder = new RequestDecoder(DecodeLimits.defaults());

  @Test
  void encodeThenDecode_randomTensors_areUnchanged() {
    for (int round = 0; round < 1_000; round++) {
      List<Tensor> tensors = new ArrayList<>();
      List<WantedOutput> wanted = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        tensors.add(tensor("t" + i));
        wanted.add(new WantedOutput("t" + i, random.nextBoolean()));
      }

      WireRequest request =
          sentBack(tensors, new WireRequest("", List.of(), wanted, Map.of(), false));

      assertThat(request.inputs()).isEqualTo(tensors);
      assertThat(request.id()).isEqualTo("id-" + '\u00fc');
    }
  }

  private WireRequest sentBack(List<Tensor> tensors, WireRequest wanted) {
    Encoded encoded = encoder.encode(new Variant("m", "1"), "id-\u00fc", tensors, wanted);
    if (!(encoded instanceof Encoded.Body body)) {
      throw new AssertionError(encoded.toString());
    }
    int jsonLength = body.jsonLength() == -1 ? body.length() : body.jsonLength();
    byte[] json =
        new String(body.bytes(), 0, jsonLength, StandardCharsets.UTF_8)
            .replaceFirst("\"outputs\"", "\"inputs\"")
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    back.writeBytes(json);
    back.write(body.bytes(), jsonLength, body.length() - jsonLength);
    return Requests.valid(
        decoder.decode(
            back.toByteArray(), back.size(), body.jsonLength() == -1 ? -1 : json.length));
  }

  private Tensor tensor(String name) {
    Datatype datatype = DATATYPES.get(random.nextInt(DATATYPES.size()));
    long[] dimensions = new long[random.nextInt(4)];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = random.nextInt(6);
    }
    Shape shape = Shape.of(dimensions);
    int elements = (int) shape.elements();
    if (datatype == Datatype.BYTES) {
      String[] values = new String[elements];
      for (int i = 0; i < elements; i++) {
        values[i] = string();
      }
      return Tensor.ofStrings(name, shape, values);
    }
    ByteBuffer data = Tensor.allocate(elements * datatype.width());
    for (int i = 0; i < elements; i++) {
      putRandom(data, datatype, i);
    }
    return new Tensor(name, datatype, shape, data);
  }

  private String string() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(300); i > 0; i--) {
      int point = random.nextInt(random.nextBoolean() ? 0x100 : 0x11000);
      if (point < 0xD800 || point > 0xDFFF) {
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }

  private void putRandom(ByteBuffer data, Datatype datatype, int i) {
    switch (datatype) {
      case BOOL -> data.put(i, (byte) random.nextInt(2));
      case INT8, UINT8 -> data.put(i, (byte) random.nextInt());
      case INT16, UINT16 -> data.putShort(2 * i, (short) random.nextInt());
      case INT32, UINT32 -> data.putInt(4 * i, random.nextInt());
      case INT64, UINT64 -> data.putLong(8 * i, random.nextLong());
      case FP16 -> data.putShort(2 * i, (short) (random.nextInt() & 0xBFFF));
      case BF16 -> data.putShort(2 * i, (short) (random.nextInt() & 0xBFFF));
      case FP32 -> data.putInt(4 * i, random.nextInt() & 0xFF7FFFFF);
      case FP64 -> data.putLong(8 * i, random.nextLong() & 0xFFEFFFFFFFFFFFFFL);
      case BYTES -> throw new IllegalArgumentException("BYTES has no fixed width");
    }
  }
}
