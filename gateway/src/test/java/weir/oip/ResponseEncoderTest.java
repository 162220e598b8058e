package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;

class ResponseEncoderTest {
  private static final Variant VARIANT = new Variant("diamonds", "2");
  private static final WireRequest JSON =
      new WireRequest("", List.of(), List.of(), Map.of(), false);
  private static final WireRequest BINARY =
      new WireRequest("", List.of(), List.of(), Map.of(), true);

  private static Tensor tensor(String name, Datatype datatype, long count, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    ByteBuffer data = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    data.put(0, bytes);
    return new Tensor(name, datatype, Shape.of(count), data);
  }

  private static Encoded.Body body(Encoded encoded) {
    if (encoded instanceof Encoded.Body body) {
      return body;
    }
    throw new AssertionError("no body: " + encoded);
  }

  private static String text(Encoded.Body body, int from, int to) {
    return new String(body.bytes(), from, to - from, StandardCharsets.UTF_8);
  }

  @Test
  void encode_jsonOutputs_isOneExactObject() {
    List<Tensor> outputs =
        List.of(
            Tensor.ofFloats("price", Shape.of(1, 2), 0.1f, -3e10f),
            Tensor.ofStrings("class", Shape.of(1), "größer \"x\"\n"));

    Encoded.Body body = body(new ResponseEncoder().encode(VARIANT, "r-1", outputs, JSON));

    assertThat(body.jsonLength()).isEqualTo(-1);
    assertThat(text(body, 0, body.length()))
        .isEqualTo(
            "{\"model_name\":\"diamonds\",\"model_version\":\"2\",\"id\":\"r-1\",\"outputs\":["
                + "{\"name\":\"price\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[0.1,-3.0E10]},"
                + "{\"name\":\"class\",\"shape\":[1],\"datatype\":\"BYTES\","
                + "\"data\":[\"größer \\\"x\\\"\\n\"]}]}");
  }

  @Test
  void encode_withoutId_hasNoIdField() {
    Encoded.Body body = body(new ResponseEncoder().encode(VARIANT, "", List.of(), JSON));

    assertThat(text(body, 0, body.length()))
        .isEqualTo("{\"model_name\":\"diamonds\",\"model_version\":\"2\",\"outputs\":[]}");
  }

  @Test
  void encode_binaryOutputs_followTheJsonInOrder() {
    WireRequest mixed =
        new WireRequest(
            "",
            List.of(),
            List.of(
                new WantedOutput("a", true),
                new WantedOutput("b", false),
                new WantedOutput("c", true)),
            Map.of(),
            false);
    List<Tensor> outputs =
        List.of(
            tensor("a", Datatype.INT16, 2, "0100 0200"),
            tensor("b", Datatype.BOOL, 2, "00 01"),
            tensor("c", Datatype.FP32, 1, "0000c07f"));

    Encoded.Body body = body(new ResponseEncoder().encode(VARIANT, "", outputs, mixed));

    assertThat(text(body, 0, body.jsonLength()))
        .endsWith(
            "\"outputs\":[{\"name\":\"a\",\"shape\":[2],\"datatype\":\"INT16\","
                + "\"parameters\":{\"binary_data_size\":4}},"
                + "{\"name\":\"b\",\"shape\":[2],\"datatype\":\"BOOL\",\"data\":[false,true]},"
                + "{\"name\":\"c\",\"shape\":[1],\"datatype\":\"FP32\","
                + "\"parameters\":{\"binary_data_size\":4}}]}");
    byte[] raw = Arrays.copyOfRange(body.bytes(), body.jsonLength(), body.length());
    assertThat(HexFormat.of().formatHex(raw)).isEqualTo("010002000000c07f");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BOOL   | 2 | 00 01                             | [false,true]
          UINT8  | 2 | 00 ff                             | [0,255]
          UINT16 | 1 | ffff                              | [65535]
          UINT32 | 1 | ffffffff                          | [4294967295]
          UINT64 | 2 | ffffffffffffffff 0100000000000000 | [18446744073709551615,1]
          INT8   | 2 | 80 7f                             | [-128,127]
          INT16  | 1 | 0080                              | [-32768]
          INT32  | 1 | 00000080                          | [-2147483648]
          INT64  | 1 | 0000000000000080                  | [-9223372036854775808]
          FP16   | 3 | 003c ff7b 0180                    | [1.0,65504.0,-5.9604645E-8]
          BF16   | 2 | 803f 7f7f                         | [1.0,3.3895314E38]
          FP32   | 3 | cdcccc3d ffff7f7f 00000080        | [0.1,3.4028235E38,-0.0]
          FP64   | 2 | 9a9999999999b93f 0100000000000000 | [0.1,4.9E-324]
          BYTES  | 2 | 00000000 02000000c3a9             | ["","é"]
          """)
  void encode_valuesOfDatatype_areJsonText(
      Datatype datatype, int count, String hex, String expected) {
    Tensor output = tensor("y", datatype, count, hex);

    Encoded.Body body = body(new ResponseEncoder().encode(VARIANT, "", List.of(output), JSON));

    assertThat(text(body, 0, body.length())).endsWith("\"data\":" + expected + "}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FP16  | 2 | 0000 007c             | element 1 is not a finite number
          BF16  | 1 | 80ff                  | element 0 is not a finite number
          FP32  | 2 | 00000000 0000c07f     | element 1 is not a finite number
          FP64  | 1 | 000000000000f0ff      | element 0 is not a finite number
          BYTES | 2 | 00000000 01000000ff   | element 1 is not UTF-8 text
          BYTES | 1 | 01000000              | element 0 goes beyond the data
          BYTES | 1 | ffffffff              | element 0 goes beyond the data
          BYTES | 1 | 0000                  | element 0 goes beyond the data
          """)
  void encode_valueThatJsonCannotSay_isUnsayableButFineAsBytes(
      Datatype datatype, int count, String hex, String why) {
    Tensor output = tensor("y", datatype, count, hex);

    assertThat(new ResponseEncoder().encode(VARIANT, "", List.of(output), JSON))
        .isEqualTo(
            new Encoded.Unsayable(
                "y",
                "output 'y': " + why + ", which JSON cannot say; ask for it with binary_data"));
    Encoded.Body body = body(new ResponseEncoder().encode(VARIANT, "", List.of(output), BINARY));
    byte[] raw = Arrays.copyOfRange(body.bytes(), body.jsonLength(), body.length());
    assertThat(HexFormat.of().formatHex(raw)).isEqualTo(hex.replace(" ", ""));
  }

  @Test
  void encode_largeOutput_growsItsBuffer() {
    double[] values = new double[5_000];
    ByteBuffer data = Tensor.allocate(8 * values.length);
    for (int i = 0; i < values.length; i++) {
      data.putDouble(8 * i, -Math.PI * 1e-200);
    }
    Tensor output = new Tensor("y", Datatype.FP64, Shape.of(values.length), data);

    Encoded.Body body = body(new ResponseEncoder().encode(VARIANT, "", List.of(output), JSON));

    assertThat(text(body, 0, body.length()).split("-3.141592653589793E-200", -1))
        .hasSize(values.length + 1);
  }
}
