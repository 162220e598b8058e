package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;

/** Tensors as raw bytes after the request's JSON. */
class BinaryDataTest {
  private static final DecodeLimits LIMITS = new DecodeLimits(5, 8, 8, 1000, 20, 8, 64);

  private static Decoded decode(String json, String hex) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(text);
    body.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
    return Requests.decode(LIMITS, body.toByteArray(), text.length);
  }

  private static String input(String name, String datatype, String shape, String size) {
    return "{\"name\":\"%s\",\"shape\":%s,\"datatype\":\"%s\",\"parameters\":{\"binary_data_size\":%s}}"
        .formatted(name, shape, datatype, size);
  }

  private static String request(String... inputs) {
    return "{\"inputs\":[" + String.join(",", inputs) + "]}";
  }

  @Test
  void decode_severalInputs_takeTheirBytesInOrder() {
    String json =
        request(
            input("u", "UINT32", "[1,2]", "8"),
            "{\"name\":\"j\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[2.5]}",
            input("b", "BOOL", "[3]", "3"),
            input("s", "BYTES", "[2]", "10"),
            input("e", "FP64", "[0]", "0"));

    WireRequest request =
        Requests.valid(decode(json, "01000000 02000000 010001 02000000 6869 00000000"));

    List<Tensor> inputs = request.inputs();
    assertThat(inputs).extracting(Tensor::name).containsExactly("u", "j", "b", "s", "e");
    assertThat(inputs.get(0).data().getInt(4)).isEqualTo(2);
    assertThat(inputs.get(1)).isEqualTo(Tensor.ofFloats("j", Shape.of(1), 2.5f));
    assertThat(Requests.bytes(inputs.get(2))).containsExactly(1, 0, 1);
    assertThat(inputs.get(3).strings()).containsExactly("hi", "");
    assertThat(inputs.get(4).elements()).isZero();
  }

  @Test
  void decode_notANumberAsBytes_isAllowed() {
    WireRequest request =
        Requests.valid(decode(request(input("x", "FP32", "[2]", "8")), "0000c07f 0000807f"));

    assertThat(request.inputs().getFirst().data().getFloat(0)).isNaN();
    assertThat(request.inputs().getFirst().data().getFloat(4)).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void decode_headerButNoBinaryInput_isPlainJson() {
    assertThat(Requests.valid(decode(request(), "")).inputs()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          FP32  | [1,2] | 12   | 00000000 00000000 00000000 | binary_data_size is 12, FP32 [1,2] takes 8
          FP32  | [1,2] | 8    | 00000000                   | binary_data_size is 8, but 4 bytes are left after the JSON
          FP32  | [1]   | -4   | 00000000                   | binary_data_size is -4, but 4 bytes are left after the JSON
          FP32  | [1]   | 9223372036854775807 | 00000000    | binary_data_size is 9223372036854775807, but 4 bytes are left after the JSON
          FP32  | [1]   | "4"  | 00000000                   | parameters: binary_data_size: expected an integer
          FP32  | [1]   | 4.0  | 00000000                   | parameters: binary_data_size: expected an integer
          BOOL  | [2]   | 2    | 0102                       | binary data[1]: expected a byte of 0 or 1
          BOOL  | [1]   | 1    | ff                         | binary data[0]: expected a byte of 0 or 1
          BYTES | [2]   | 6    | 02000000 6869              | binary data ends after 1 strings, shape [2] takes 2
          BYTES | [1]   | 5    | 02000000 68                | binary data[0]: the string goes beyond the data
          BYTES | [1]   | 3    | 020000                     | binary data ends after 0 strings, shape [1] takes 1
          BYTES | [1]   | 4    | ffffffff                   | binary data[0]: the string is longer than 20 bytes
          BYTES | [1]   | 25   | 15000000 000000000000000000000000000000000000000000 | binary data[0]: the string is longer than 20 bytes
          BYTES | [1]   | 9    | 01000000 68 00000000       | binary data has 4 bytes after the 1 strings that shape [1] takes
          """)
  void decode_bytesThatDoNotFit_saysWhy(
      String datatype, String shape, String size, String hex, String why) {
    Decoded decoded = decode(request(input("x", datatype, shape, size)), hex);

    assertThat(Requests.invalid(decoded)).isEqualTo("inputs[0] 'x': " + why);
  }

  @Test
  void decode_bytesOfNoInput_areRefused() {
    assertThat(Requests.invalid(decode(request(input("x", "INT8", "[1]", "1")), "01 02 03")))
        .isEqualTo(
            "2 bytes after the JSON belong to no input; their binary_data_size must add up to them");
  }

  @Test
  void decode_dataAndBinarySize_isRefused() {
    String both =
        "{\"name\":\"x\",\"shape\":[1],\"datatype\":\"INT8\",\"data\":[1],"
            + "\"parameters\":{\"binary_data_size\":1}}";

    assertThat(Requests.invalid(decode(request(both), "01")))
        .isEqualTo("inputs[0] 'x': both 'data' and parameters.binary_data_size are given; use one");
  }

  @Test
  void decode_binarySizeWithoutHeader_isRefused() {
    byte[] body = request(input("x", "INT8", "[1]", "1")).getBytes(StandardCharsets.UTF_8);

    assertThat(Requests.invalid(Requests.decode(LIMITS, body, -1)))
        .isEqualTo(
            "inputs[0] 'x': binary_data_size is given, but the header"
                + " Inference-Header-Content-Length is not");
  }

  @ParameterizedTest
  @CsvSource({
    "-2,'Inference-Header-Content-Length is -2, the body has 13 bytes'",
    "14,'Inference-Header-Content-Length is 14, the body has 13 bytes'",
    "0,the body is empty; expected a JSON object",
    "12,'JSON syntax error at line 1, column 13: the text ends too early'"
  })
  void decode_wrongHeader_isRefused(int jsonLength, String message) {
    byte[] body = "{\"inputs\":[]}".getBytes(StandardCharsets.UTF_8);

    assertThat(Requests.invalid(Requests.decode(LIMITS, body, jsonLength))).isEqualTo(message);
  }

  @Test
  void decode_everyFixedWidthDatatype_isTheSameBytes() {
    for (Datatype datatype : Datatype.values()) {
      if (datatype != Datatype.BYTES) {
        int width = datatype.width();
        String hex = "01".repeat(2 * width);
        String json = request(input("x", datatype.name(), "[2]", String.valueOf(2 * width)));

        Tensor tensor = Requests.valid(decode(json, hex)).inputs().getFirst();

        assertThat(HexFormat.of().formatHex(Requests.bytes(tensor))).isEqualTo(hex);
      }
    }
  }
}
