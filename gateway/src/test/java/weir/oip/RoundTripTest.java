package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.inference.Tensor;
import weir.inference.Variant;

/** What the encoder writes as outputs, the decoder reads as inputs, bit for bit. */
class RoundTripTest {
  private final Random random = new Random(42);
  private final ResponseEncoder encoder = new ResponseEncoder();
  private final RequestDecoder decoder = new RequestDecoder(DecodeLimits.defaults());

  @Test
  void encodeThenDecode_randomTensors_areUnchanged() {
    for (int round = 0; round < 1_000; round++) {
      List<Tensor> tensors = new ArrayList<>();
      List<WantedOutput> wanted = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        tensors.add(RandomTensors.any("t" + i, random));
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
}
