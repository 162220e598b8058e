package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.inference.Datatype;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;

/** Our client's bytes are understood by our server, and our server's by our client. */
class ClientRoundTripTest {
  private static final Map<String, Object> PARAMETERS =
      Map.of("a", "b\n", "c", -1L, "d", 1.5, "e", true);

  private final Random random = new Random(20261122);
  private final InferenceRequestEncoder encoder = new InferenceRequestEncoder();
  private final RequestDecoder server = new RequestDecoder(DecodeLimits.defaults());
  private final InferenceResponseDecoder decoder =
      new InferenceResponseDecoder(DecodeLimits.defaults());

  @ParameterizedTest
  @EnumSource(Datatype.class)
  void encode_anyRequest_isWhatTheServerReads(Datatype datatype) {
    for (int round = 0; round < 100; round++) {
      boolean binary = random.nextBoolean();
      List<Tensor> inputs = tensors(datatype);
      List<String> outputs = random.nextBoolean() ? List.of() : List.of("y", "z");
      InferenceRequest request = request("id-ü", inputs, outputs, PARAMETERS);

      Encoded.Body body = body(encoder.encode(request, binary));

      assertThat(body.jsonLength() >= 0).isEqualTo(binary);
      WireRequest read =
          Requests.valid(server.decode(body.bytes(), body.length(), body.jsonLength()));
      assertThat(read.inputs()).isEqualTo(inputs);
      assertThat(read.outputNames()).isEqualTo(outputs);
      assertThat(read.wantsBinary("y")).isEqualTo(binary);
      assertThat(read.id()).isEqualTo("id-ü");
      assertThat(read.parameters()).isEqualTo(PARAMETERS);
    }
  }

  @Test
  void encode_inputsOfACallersJson_areTheCallersBytes() {
    String inputs =
        "[ {\"data\":[[1.50,-2E3]],\"name\":\"\\u0078\",\"shape\":[1,2],\"datatype\":\"FP32\"},\n"
            + "{\"name\":\"ü\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"a\"],\"parameters\":{\"p\":1}} ]";
    WireRequest wire =
        Requests.valid("{\"id\":\"7\",\"inputs\" : " + inputs + ",\"outputs\":[{\"name\":\"y\"}]}");

    Encoded.Body plain = body(encoder.encode(request(wire), false));
    Encoded.Body binary = body(encoder.encode(request(wire), true));

    assertThat(new String(plain.bytes(), 0, plain.length(), StandardCharsets.UTF_8))
        .isEqualTo("{\"id\":\"7\",\"inputs\":" + inputs + ",\"outputs\":[{\"name\":\"y\"}]}");
    assertThat(
            Requests.valid(server.decode(binary.bytes(), binary.length(), binary.jsonLength()))
                .inputs())
        .isEqualTo(wire.inputs());
  }

  @Test
  void decode_withABinarySection_keepsNoWrittenInputs() {
    Tensor input = Tensor.ofFloats("x", Shape.of(1), 1);
    Encoded.Body sent =
        body(encoder.encode(request("", List.of(input), List.of(), Map.of()), true));

    assertThat(
            Requests.valid(server.decode(sent.bytes(), sent.length(), sent.jsonLength())).written())
        .isEmpty();
  }

  private static InferenceRequest request(WireRequest wire) {
    return new InferenceRequest(
        "m",
        "",
        wire.id(),
        Headers.NONE,
        wire.inputs(),
        wire.outputNames(),
        wire.parameters(),
        0,
        wire.written(),
        "");
  }

  @ParameterizedTest
  @EnumSource(Datatype.class)
  void decode_anyAnswerOfTheServer_hasItsOutputs(Datatype datatype) {
    for (int round = 0; round < 100; round++) {
      List<Tensor> outputs = tensors(datatype);
      List<WantedOutput> wanted = new ArrayList<>();
      outputs.forEach(output -> wanted.add(new WantedOutput(output.name(), random.nextBoolean())));
      Encoded.Body body =
          body(
              new ResponseEncoder()
                  .encode(
                      new Variant("m", "1"),
                      "id",
                      outputs,
                      new WireRequest("", List.of(), wanted, Map.of(), false)));

      assertThat(decoder.decode(body.bytes(), body.length(), body.jsonLength()))
          .isEqualTo(new DecodedOutputs.Valid(outputs));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void encode_floatThatJsonLacks_isUnsayableButBinary(float value) {
    Tensor input = Tensor.ofFloats("x", Shape.of(2), 1, value);
    InferenceRequest request = request("", List.of(input), List.of(), Map.of());

    assertThat(encoder.encode(request, false))
        .isEqualTo(
            new Encoded.Unsayable(
                "x", "input 'x': element 1 is not a finite number, which JSON cannot say"));
    Encoded.Body body = body(encoder.encode(request, true));
    assertThat(new String(body.bytes(), 0, body.jsonLength(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"x\","
                + "\"shape\":[2],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":8}}]}");
  }

  private static InferenceRequest request(
      String id, List<Tensor> inputs, List<String> outputs, Map<String, Object> parameters) {
    return new InferenceRequest("m", "", id, Headers.NONE, inputs, outputs, parameters, 0);
  }

  private List<Tensor> tensors(Datatype datatype) {
    return List.of(RandomTensors.of("a", datatype, random), RandomTensors.any("b", random));
  }

  private static Encoded.Body body(Encoded encoded) {
    if (encoded instanceof Encoded.Body body) {
      return body;
    }
    throw new AssertionError(encoded.toString());
  }
}
