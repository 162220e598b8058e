package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import weir.inference.Datatype;
import weir.inference.Tensor;

/**
 * Any bytes are a request or a refusal in words; {@code ops/fuzz json}, {@code binary} and {@code
 * row} look further.
 */
class DecodeFuzzTest {
  private static final RequestDecoder DECODER = new RequestDecoder(DecodeLimits.defaults());

  @FuzzTest(maxDuration = "5m")
  void json(byte[] body) {
    check(DECODER.decode(body, body.length, -1));
  }

  /** The first two bytes say where the JSON ends. */
  @FuzzTest(maxDuration = "5m")
  void binary(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int jsonLength = Byte.toUnsignedInt(input[0]) << 8 | Byte.toUnsignedInt(input[1]);
    byte[] body = java.util.Arrays.copyOfRange(input, 2, input.length);
    check(DECODER.decode(body, body.length, jsonLength));
  }

  /** The first byte chooses the datatype, the rest are the numbers of an array. */
  @FuzzTest(maxDuration = "5m")
  void row(byte[] input) {
    if (input.length < 2) {
      return;
    }
    List<Datatype> datatypes = List.of(Datatype.values());
    Datatype datatype = datatypes.get(Byte.toUnsignedInt(input[0]) % datatypes.size());
    String row = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1);
    if (row.indexOf('"') >= 0) {
      return; // in a string the tab would stand for something else
    }
    NumberRowTest.same(datatype, row.split(",", -1).length, row);
  }

  private static void check(Decoded decoded) {
    switch (decoded) {
      case Decoded.Invalid(String message) -> assertThat(message).isNotBlank().hasSizeLessThan(600);
      case Decoded.Valid(WireRequest request) -> request.inputs().forEach(DecodeFuzzTest::check);
    }
  }

  /** What a backend relies on. */
  private static void check(Tensor tensor) {
    assertThat(tensor.shape().elements()).isEqualTo(tensor.elements()).isNotNegative();
    switch (tensor.datatype()) {
      case BYTES -> assertThat(tensor.strings()).hasSize(tensor.elements());
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, BF16, FP32, FP64 ->
          assertThat(tensor.data().limit())
              .isEqualTo(tensor.elements() * tensor.datatype().width());
    }
  }
}
