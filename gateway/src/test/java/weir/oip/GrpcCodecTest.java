package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import weir.inference.Datatype;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;

class GrpcCodecTest {
  private final GrpcServerCodec server = new GrpcServerCodec(DecodeLimits.defaults());
  private final GrpcClientCodec client = new GrpcClientCodec(DecodeLimits.defaults());

  private static Tensor sample(Datatype datatype) {
    if (datatype == Datatype.BYTES) {
      return Tensor.ofStrings("t", Shape.of(2), "größe", "");
    }
    ByteBuffer data = Tensor.allocate(2 * datatype.width());
    for (int i = 0; i < data.limit(); i++) {
      data.put(i, (byte) (datatype == Datatype.BOOL ? i : 0x81 - 3 * i));
    }
    return new Tensor("t", datatype, Shape.of(2), data);
  }

  private static InferenceRequest request(Tensor tensor, Map<String, Object> parameters) {
    return new InferenceRequest(
        "m", "1", "id", Headers.NONE, List.of(tensor), List.of("o"), parameters, 0);
  }

  private WireRequest valid(ModelInferRequest message) {
    return ((Decoded.Valid) server.decode(message)).request();
  }

  private String refusal(Consumer<ModelInferRequest.Builder> change) {
    ModelInferRequest.Builder message =
        client.encode("m", "1", request(sample(Datatype.FP32), Map.of())).toBuilder();
    change.accept(message);
    return ((Decoded.Invalid) server.decode(message.build())).message();
  }

  @ParameterizedTest
  @EnumSource(Datatype.class)
  void raw_eachDatatype_comesThroughBothWays(Datatype datatype) throws Exception {
    Tensor tensor = sample(datatype);
    Map<String, Object> parameters = Map.of("a", "x", "b", 7L, "c", 0.5, "d", true);

    WireRequest there = valid(client.encode("m", "1", request(tensor, parameters)));
    ModelInferResponse back = server.encode(new Variant("m", "1"), "id", there.inputs()).build();

    assertThat(there.inputs()).containsExactly(tensor);
    assertThat(there.parameters()).isEqualTo(parameters);
    assertThat(there.outputNames()).containsExactly("o");
    assertThat(client.decode(back, List.of())).containsExactly(tensor);
  }

  @ParameterizedTest
  @CsvSource({
    "BOOL, '1:1 1:0', 0100",
    "INT8, '2:-128 2:127', 807f",
    "INT16, '2:-32768 2:32767', 0080ff7f",
    "INT32, '2:-2147483648 2:2', 0000008002000000",
    "INT64, '3:-1 3:258', ffffffffffffffff0201000000000000",
    "UINT8, '4:255 4:0', ff00",
    "UINT16, '4:65535 4:1', ffff0100",
    "UINT32, '4:4294967295 4:1', ffffffff01000000",
    "UINT64, '5:18446744073709551615 5:1', ffffffffffffffff0100000000000000",
    "FP32, '6:1 6:-2', 0000803f000000c0",
    "FP64, '7:1 7:-2', 000000000000f03f00000000000000c0",
    "BYTES, '8:ab 8:', 02000000616200000000"
  })
  void typed_eachDatatype_isLittleEndian(Datatype datatype, String values, String expected) {
    ModelInferRequest.Builder message = ModelInferRequest.newBuilder().setModelName("m");
    InferTensorContents.Builder contents =
        message
            .addInputsBuilder()
            .setName("t")
            .setDatatype(datatype.name())
            .addShape(2)
            .getContentsBuilder();
    for (String value : values.split(" ", -1)) {
      add(contents, value.charAt(0), value.substring(2));
    }

    ByteBuffer data = valid(message.build()).inputs().getFirst().data();

    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < data.limit(); i++) {
      hex.append("%02x".formatted(data.get(i)));
    }
    assertThat(hex.toString()).isEqualTo(expected);
  }

  private static void add(InferTensorContents.Builder contents, char field, String value) {
    switch (field) {
      case '1' -> contents.addBoolContents(value.equals("1"));
      case '2' -> contents.addIntContents(Integer.parseInt(value));
      case '3' -> contents.addInt64Contents(Long.parseLong(value));
      case '4' -> contents.addUintContents(Integer.parseUnsignedInt(value));
      case '5' -> contents.addUint64Contents(Long.parseUnsignedLong(value));
      case '6' -> contents.addFp32Contents(Float.parseFloat(value));
      case '7' -> contents.addFp64Contents(Double.parseDouble(value));
      default -> contents.addBytesContents(ByteString.copyFromUtf8(value));
    }
  }

  @Test
  void decode_faults_areNamedWithTheirPlace() {
    assertThat(refusal(m -> m.setRawInputContents(0, ByteString.copyFrom(new byte[7]))))
        .isEqualTo("inputs[0] 't': raw contents have 7 bytes, FP32 [2] takes 8");
    assertThat(refusal(m -> m.addRawInputContents(ByteString.EMPTY)))
        .contains("2 raw contents for 1 inputs");
    assertThat(refusal(m -> m.getInputsBuilder(0).getContentsBuilder().addFp32Contents(1)))
        .contains("both raw and typed");
    assertThat(refusal(m -> m.getInputsBuilder(0).setShape(0, -1))).contains("not negative");
    assertThat(refusal(m -> m.getInputsBuilder(0).setShape(0, 1L << 40))).contains("elements");
    assertThat(refusal(m -> m.getInputsBuilder(0).setDatatype("FP31"))).contains("'FP31'");
    assertThat(refusal(m -> m.getInputsBuilder(0).setName(""))).contains("'name' is missing");
    assertThat(refusal(m -> m.addOutputsBuilder().setName("o"))).contains("same name");
    assertThat(refusal(m -> m.putParameters("p", InferParameter.getDefaultInstance())))
        .contains("p: the value is missing");
    assertThat(refusal(m -> m.setId("x".repeat(257)))).contains("256");
    assertThat(refusal(m -> typed(m, "INT8").addIntContents(128).addIntContents(0)))
        .contains("int_contents[0]: the value does not fit INT8");
    assertThat(refusal(m -> typed(m, "FP32").addFp64Contents(1).addFp64Contents(1)))
        .contains("FP32 goes into fp32_contents alone");
    assertThat(refusal(m -> typed(m, "FP32").addFp32Contents(1))).contains("has 1 values");
    assertThat(refusal(m -> typed(m, "FP16"))).contains("raw_input_contents");
  }

  private static InferTensorContents.Builder typed(ModelInferRequest.Builder message, String type) {
    return message
        .clearRawInputContents()
        .getInputsBuilder(0)
        .setDatatype(type)
        .getContentsBuilder();
  }

  @Test
  void decode_stringsThatLie_areRefused() {
    Tensor words = sample(Datatype.BYTES);
    ModelInferRequest.Builder message =
        client.encode("m", "1", request(words, Map.of())).toBuilder();
    message.setRawInputContents(
        0, ByteString.copyFrom(new byte[] {(byte) 255, (byte) 255, 0, 0, 1}));

    assertThat(((Decoded.Invalid) server.decode(message.build())).message())
        .contains("goes beyond");
  }

  @Test
  void answer_withoutAWantedOutput_isInvalid() {
    ModelInferResponse answer =
        server.encode(new Variant("m", "1"), "", List.of(sample(Datatype.FP32))).build();

    assertThat(
            catchThrowableOfType(
                    InvalidAnswerException.class, () -> client.decode(answer, List.of("o")))
                .message())
        .contains("'o'");
  }
}
