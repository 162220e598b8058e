package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.TensorSpec;

class MetadataDecoderTest {
  private static final ModelSignature DIAMONDS =
      new ModelSignature(
          "onnxruntime_onnx",
          List.of(new TensorSpec("carat", Datatype.FP32, Shape.of(-1, 1))),
          List.of(new TensorSpec("price", Datatype.FP32, Shape.of(-1, 1))));

  private final MetadataDecoder decoder = new MetadataDecoder(DecodeLimits.defaults());

  @Test
  void decode_whatOurServerSays_isTheSignature() {
    byte[] body = new MetadataEncoder().model("m", List.of("1"), DIAMONDS);

    assertThat(decoder.decode(body, body.length)).isEqualTo(new DecodedSignature.Valid(DIAMONDS));
  }

  @Test
  void decode_otherServersShape_isTheSignature() {
    assertThat(
            decode(
                "{'name':'m','versions':[],'platform':null,'inputs':[{'name':'x','datatype':'BYTES',"
                    + "'shape':[-1],'parameters':{'content_type':'str','tags':null}}],"
                    + "'parameters':{}}"))
        .isEqualTo(
            new DecodedSignature.Valid(
                new ModelSignature(
                    "", List.of(new TensorSpec("x", Datatype.BYTES, Shape.of(-1))), List.of())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | the body: expected an object",
        "{'inputs':[]} | the server names no inputs",
        "{'inputs':[{'name':'x','shape':[1]}]} | inputs: [0]: 'datatype' is missing",
        "{'inputs':[{'name':'x','datatype':'FP32'}]} | inputs: [0]: 'shape' is missing",
        "{'inputs':[{'name':'x','shape':[-2],'datatype':'FP32'}]} | at least -1",
        "{'inputs':[{'name':'x','shape':[1.5],'datatype':'FP32'}]} | expected an integer",
        "{'inputs':[{'name':'x','shape':[1],'datatype':'FP8'}]} | 'x' has the datatype 'FP8'",
      })
  void decode_metadataThatSaysTooLittle_saysWhat(String json, String message) {
    assertThat(decode(json))
        .isInstanceOfSatisfying(
            DecodedSignature.Invalid.class,
            invalid -> assertThat(invalid.message()).contains(message));
  }

  private DecodedSignature decode(String json) {
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return decoder.decode(body, body.length);
  }
}
