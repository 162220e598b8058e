package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that nobody sends by accident. */
class DecodeHostileTest {
  private static final String EVERYTHING =
      """
      {"id":"größer","model_name":"m","parameters":{"a":"b","c":1,"d":1.5e3,"e":true},
       "inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[[0.25,-1e-3]]},
                 {"name":"n","data":[1,-2],"shape":[2],"datatype":"INT32"},
                 {"name":"s","shape":[1],"datatype":"BYTES","parameters":{},"data":["\\u00fcé😀"]}],
       "outputs":[{"name":"y","parameters":{"binary_data":false}}]}\
      """;

  @Test
  void decode_requestCutAtEveryByte_isInvalid() {
    byte[] body = EVERYTHING.getBytes(StandardCharsets.UTF_8);
    assertThat(Requests.decode(EVERYTHING)).isInstanceOf(Decoded.Valid.class);

    for (int length = 0; length < body.length; length++) {
      byte[] cut = Arrays.copyOf(body, length);
      assertThat(Requests.invalid(Requests.decode(DecodeLimits.defaults(), cut, -1))).isNotBlank();
    }
  }

  @Test
  void decode_requestWithBytesChanged_answersAlways() {
    Random random = new Random(20261101);
    RequestDecoder decoder = new RequestDecoder(DecodeLimits.defaults());
    byte[] body = EVERYTHING.getBytes(StandardCharsets.UTF_8);
    String alphabet = "{}[]\",:0123456789eE+-.\\untrfalse ";

    for (int round = 0; round < 10_000; round++) {
      byte[] changed = body.clone();
      for (int change = 0; change <= random.nextInt(4); change++) {
        int at = random.nextInt(changed.length);
        changed[at] =
            random.nextInt(4) == 0
                ? (byte) random.nextInt(256)
                : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      int jsonLength = random.nextBoolean() ? -1 : random.nextInt(changed.length + 2);
      assertThat(decoder.decode(changed, changed.length, jsonLength)).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "{\"inputs\":%s",
        "{\"z\":%s",
        "{\"inputs\":[{\"data\":%s",
        "{\"inputs\":[{\"shape\":%s",
        "{\"inputs\":[{\"shape\":[1],\"datatype\":\"FP32\",\"data\":%s",
        "{\"inputs\":[{\"shape\":[1,1,1],\"datatype\":\"FP32\",\"data\":%s",
        "{\"inputs\":[{\"shape\":[0],\"datatype\":\"FP32\",\"data\":[%s",
        "{\"parameters\":{\"a\":%s"
      })
  void decode_tenThousandBrackets_isInvalid(String before) {
    String arrays = before.formatted("[".repeat(10_000));
    String objects = before.formatted("{\"a\":".repeat(10_000));

    assertThat(Requests.invalid(Requests.decode(arrays))).hasSizeLessThan(200);
    assertThat(Requests.invalid(Requests.decode(objects))).hasSizeLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"z\":%s}",
        "{\"%s\":1}",
        "{\"id\":\"%s\",\"inputs\":[]}",
        "{\"inputs\":[{\"name\":\"%s\"}]}",
        "{\"inputs\":[{\"datatype\":\"%s\"}]}",
        "{\"inputs\":[{\"shape\":[%s]}]}",
        "{\"inputs\":[{\"shape\":[1],\"datatype\":\"INT64\",\"data\":[%s]}]}",
        "{\"inputs\":[{\"shape\":[1],\"datatype\":\"FP32\",\"data\":[0.%s]}]}",
        "{\"inputs\":[{\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"9%s\"]}]}",
        "{\"inputs\":[{\"data\":[%s],\"shape\":[1],\"datatype\":\"FP64\"}]}",
        "{\"parameters\":{\"a\":%s}}"
      })
  void decode_megabyteOfDigits_isInvalidWithoutRepeatingThem(String around) {
    String message = Requests.invalid(Requests.decode(around.formatted("1".repeat(1 << 20))));

    assertThat(message).hasSizeLessThan(200).doesNotContain("1".repeat(65));
  }

  @Test
  void decode_hugeShapeWithoutData_makesNoRoomForIt() {
    DecodeLimits limits = new DecodeLimits(16, 256, 256, 1 << 27, 1 << 20, 64, 256);
    byte[] body = Requests.request("FP64", "[134217728]", "[1,2]").getBytes(StandardCharsets.UTF_8);
    long before = allocatedBytes();

    String message = Requests.invalid(Requests.decode(limits, body, -1));

    assertThat(allocatedBytes() - before).isLessThan(10_000_000);
    assertThat(message)
        .isEqualTo("inputs[0] 'x': data has 2 values, shape [134217728] takes 134217728");
  }

  private static long allocatedBytes() {
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }

  @Test
  void decode_bytesThatAreNotUtf8_isInvalid() {
    byte[] overlong = {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'};
    byte[] utf16 = "{\"inputs\":[]}".getBytes(StandardCharsets.UTF_16LE);

    assertThat(Requests.invalid(Requests.decode(DecodeLimits.defaults(), overlong, -1)))
        .isEqualTo("the JSON is not UTF-8 at byte 3");
    assertThat(Requests.invalid(Requests.decode(DecodeLimits.defaults(), utf16, -1)))
        .isEqualTo("JSON syntax error at line 1, column 3");
  }
}
