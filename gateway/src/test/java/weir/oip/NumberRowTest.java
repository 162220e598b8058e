package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonToken;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.inference.Datatype;
import weir.inference.Tensor;

/** Numbers read from the bytes themselves are those that Jackson reads. */
class NumberRowTest {
  private static final List<Datatype> TAKEN =
      List.of(Datatype.values()).stream().filter(NumberRow::takes).toList();
  private static final String GRAMMAR = "0123456789.-+eE 0123456789";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0]",
        "-0]",
        "1.5 ]",
        " 12e3]",
        "-0.25E-2]",
        "0.1234567890123456]",
        "123456789012345678]"
      })
  void read_plainNumber_isTaken(String json) {
    assertThat(read(Datatype.FP32, json, 1)).isEqualTo(json.indexOf(']'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "]",
        "01]",
        "+1]",
        ".5]",
        "1.]",
        "1e]",
        "1e+]",
        "-]",
        "NaN]",
        "1\t]",
        "\n1]",
        "1 2]",
        "1,]",
        "1",
        "1e23]",
        "1e-23]",
        "1e99999]",
        "1234567890123456789]",
        "0.1234567890123456789]",
        "[1]]",
        "16777217.0]",
        "\"1\"]",
        "null]"
      })
  void read_whatIsNotPlain_isLeftToJackson(String json) {
    assertThat(read(Datatype.FP32, json, 1)).isEqualTo(-1);
  }

  @Test
  void read_otherCount_isLeftToJackson() {
    assertThat(read(Datatype.INT32, "1,2]", 2)).isEqualTo(3);
    assertThat(read(Datatype.INT32, "1,2]", 1)).isEqualTo(-1);
    assertThat(read(Datatype.INT32, "1,2]", 3)).isEqualTo(-1);
  }

  /** What is compared below is the same thing twice unless the decoder takes this way. */
  @Test
  void putRow_plainNumbers_leavesTheArraysEnd() throws Refusal {
    byte[] body = "[1.5,-2]".getBytes(StandardCharsets.US_ASCII);
    JsonBody.ofProtocol(DecodeLimits.defaults())
        .read(
            body,
            body.length,
            (json, _) -> {
              FixedWidthValues values = new FixedWidthValues(Datatype.FP32, 2);
              assertThat(json.next()).isEqualTo(JsonToken.START_ARRAY);
              assertThat(values.putRow(json, 0, 2)).isTrue();
              assertThat(json.next()).isEqualTo(JsonToken.END_ARRAY);
              assertThat(values.data().getFloat(4)).isEqualTo(-2f);
              return values;
            });
  }

  @Test
  void decode_decimalsOfAnyLength_areTheNearestFloats() {
    Random random = new Random(11);
    int taken = 0;
    for (int i = 0; i < 200_000; i++) {
      String text = decimal(random);
      ByteBuffer data = Tensor.allocate(8);
      if (read(Datatype.FP32, text + "]", 1, data) >= 0) {
        taken++;
        assertThat(data.getInt(0))
            .as(text)
            .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(text)));
      }
      if (read(Datatype.FP64, text + "]", 1, data) >= 0) {
        assertThat(data.getLong(0))
            .as(text)
            .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
      }
    }
    assertThat(taken).isGreaterThan(100_000);
  }

  @Test
  void decode_decimalsBesideTheMidpointOfTwoFloats_areTheNearestFloats() {
    Random random = new Random(12);
    for (int i = 0; i < 100_000; i++) {
      float low = Float.intBitsToFloat(random.nextInt(0x3000_0000, 0x4F00_0000));
      BigDecimal middle =
          new BigDecimal(low).add(new BigDecimal(Math.nextUp(low))).divide(BigDecimal.TWO);
      BigDecimal cut = middle.round(new java.math.MathContext(random.nextInt(9, 19)));
      BigDecimal near = cut.add(cut.ulp().multiply(BigDecimal.valueOf(random.nextInt(-2, 3))));
      String text = near.toPlainString();
      ByteBuffer data = Tensor.allocate(4);
      if (read(Datatype.FP32, text + "]", 1, data) >= 0) {
        assertThat(data.getFloat(0)).as(text).isEqualTo(Float.parseFloat(text));
      }
    }
  }

  @Test
  void decode_anyRow_isWhatJacksonMakesOfIt() {
    Random random = new Random(13);
    for (int i = 0; i < 100_000; i++) {
      Datatype datatype = TAKEN.get(random.nextInt(TAKEN.size()));
      StringBuilder row = new StringBuilder();
      int count = random.nextInt(1, 4);
      for (int k = 0; k < count; k++) {
        row.append(k == 0 ? "" : ",").append(number(random));
      }
      same(datatype, count, row.toString());
    }
  }

  @Test
  void decode_nestedRows_areWhatJacksonMakesOfThem() {
    List<String> nested =
        List.of(
            "[[1,2],[3,4]]",
            "[[1,2],[3,x]]",
            "[[1,2],[3]]",
            "[[1,2,3],[4]]",
            "[[1,2]]",
            "[[],[]]",
            "[[1,2],[3,4],[5,6]]",
            "[[1,[2]],[3,4]]",
            "[[1,2],3]",
            "[[1,2]",
            "[1,2,3,4]",
            "[[1.5,2],[3,4]]");
    for (Datatype datatype : List.of(Datatype.FP32, Datatype.INT8)) {
      for (String data : nested) {
        String slow = data.replaceAll("([0-9x])]", "$1\t]");
        assertThat(told(datatype, "[2,2]", data)).isEqualTo(told(datatype, "[2,2]", slow));
      }
    }
  }

  /** A tab before the bracket leaves the row to Jackson, and no place before it moves. */
  static void same(Datatype datatype, int count, String row) {
    String shape = "[" + count + "]";
    assertThat(told(datatype, shape, "[" + row + "]"))
        .as("%s %s", datatype, row)
        .isEqualTo(told(datatype, shape, "[" + row + "\t]"));
  }

  /** The bytes of the tensor in hexadecimal, or the refusal with the columns left out. */
  private static String told(Datatype datatype, String shape, String data) {
    byte[] body = Requests.request(datatype.name(), shape, data).getBytes(StandardCharsets.UTF_8);
    return switch (new RequestDecoder(DecodeLimits.defaults()).decode(body, body.length, -1)) {
      case Decoded.Invalid(String reason) -> reason.replaceAll("column [0-9]+", "column");
      case Decoded.Valid(WireRequest request) ->
          java.util.HexFormat.of().formatHex(Requests.bytes(request.inputs().getFirst()));
    };
  }

  private static int read(Datatype datatype, String json, int count) {
    return read(datatype, json, count, Tensor.allocate(64));
  }

  private static int read(Datatype datatype, String json, int count, ByteBuffer data) {
    byte[] bytes = json.getBytes(StandardCharsets.US_ASCII);
    return new NumberRow(bytes, 0, bytes.length).read(datatype, data, 0, count);
  }

  private static String decimal(Random random) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "" : "-");
    text.append(random.nextInt(10) < 5 ? "0" : Long.toString(random.nextLong(1, 1_000_000)));
    text.append('.');
    for (int i = random.nextInt(1, 18); i > 0; i--) {
      text.append(random.nextInt(10));
    }
    if (random.nextInt(4) == 0) {
      text.append('e').append(random.nextInt(-25, 25));
    }
    return text.toString();
  }

  private static String number(Random random) {
    if (random.nextInt(3) > 0) {
      return random.nextBoolean()
          ? decimal(random)
          : Long.toString(random.nextLong() >> random.nextInt(64));
    }
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      text.append(GRAMMAR.charAt(random.nextInt(GRAMMAR.length())));
    }
    return text.toString();
  }
}
