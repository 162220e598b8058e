package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;

/** Answers of servers that are broken, or not what they seem. */
class AnswerHostileTest {
  private static final String ANSWER =
      """
      {"model_name":"m","model_version":null,"id":"1","parameters":{"content":{"type":"np"}},
       "outputs":[{"name":"y","shape":[2,2],"datatype":"FP32","data":[[1.5,-2],[3e2,4]],
                   "parameters":{"content_type":null,"more":[1]},"unit":"EUR"},
                  {"name":"s","data":["\\u00fcé😀"],"shape":[1],"datatype":"BYTES"}],"took":{"ms":3}}\
      """;

  private final InferenceResponseDecoder decoder = new InferenceResponseDecoder(Requests.SMALL);

  @Test
  void decode_answerWithWhatServersAdd_isValid() {
    DecodedOutputs decoded = decode(ANSWER);

    assertThat(decoded)
        .isEqualTo(
            new DecodedOutputs.Valid(
                List.of(
                    Tensor.ofFloats("y", Shape.of(2, 2), 1.5f, -2, 300, 4),
                    Tensor.ofStrings("s", Shape.of(1), "üé😀"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | the body is empty",
        "[] | the body: expected an object, got an array",
        "<html>busy</html> | JSON syntax error",
        "{} | 'outputs' is missing",
        "{'error':'no'} | 'outputs' is missing",
        "{'outputs':{}} | outputs: expected an array, got an object",
        "{'outputs':[],'outputs':[]} | the field 'outputs' is given twice",
        "{'outputs':[]} 1 | there is more text",
        "{'outputs':[{'name':'y'}]} | outputs[0] 'y': 'shape' is missing",
        "{'outputs':[{'name':'y','shape':[-1],'datatype':'FP32','data':[]}]} | not negative",
        "{'outputs':[{'name':'y','shape':[2],'datatype':'FP32','data':[1]}]} | shape [2] takes 2",
        "{'outputs':[{'name':'y','shape':[2,1],'datatype':'FP32','data':[[1,2]]}]} | has 2 values",
        "{'outputs':[{'name':'y','shape':[1],'datatype':'FP32','data':['1']}]} | expected a number",
        "{'outputs':[{'name':'y','shape':[1],'datatype':'FP32','data':[null]}]} | got null",
        "{'outputs':[{'name':'y','shape':[1],'datatype':'UINT8','data':[256]}]} | from 0 to 255",
        "{'outputs':[{'name':'y','shape':[1],'datatype':'FP99','data':[1]}]} | FP99 is unknown",
        "{'outputs':[{'name':'y','shape':[9999999999],'datatype':'FP32','data':[]}]} | more than",
        "{'outputs':[{'name':'y','shape':[1],'datatype':'FP32','parameters':"
            + "{'binary_data_size':4}}]} | Inference-Header-Content-Length is not",
        "{'outputs':[{'name':'y','shape':[0],'datatype':'FP32','data':[]},"
            + "{'name':'y','shape':[0],'datatype':'FP32','data':[]}]} | the same name",
      })
  void decode_brokenAnswer_saysWhat(String json, String message) {
    assertThat(decode(json.replace('\'', '"')))
        .isInstanceOfSatisfying(
            DecodedOutputs.Invalid.class,
            invalid -> assertThat(invalid.message().replace('"', '\'')).contains(message));
  }

  @Test
  void decode_binaryThatLeavesBytes_saysWhichAreTooMany() {
    String json =
        "{\"outputs\":[{\"name\":\"y\",\"shape\":[1],\"datatype\":\"FP32\",\"parameters\":"
            + "{\"binary_data_size\":4}}]}";
    byte[] body = (json + "12345").getBytes(StandardCharsets.UTF_8);

    assertThat(decoder.decode(body, body.length, json.length()))
        .isEqualTo(
            new DecodedOutputs.Invalid(
                "1 bytes after the JSON belong to no output; their binary_data_size must add up"
                    + " to them"));
    assertThat(decoder.decode(body, body.length - 1, json.length()))
        .isInstanceOf(DecodedOutputs.Valid.class);
    assertThat(decoder.decode(body, body.length, body.length + 1))
        .isInstanceOf(DecodedOutputs.Invalid.class);
  }

  @Test
  void decode_mutatedAnswers_neverThrows() {
    Random random = new Random(20261122);
    byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
    String alphabet = "{}[]\",:0123456789eE+-.\\untrfalse ";
    MetadataDecoder metadata = new MetadataDecoder(DecodeLimits.defaults());
    RowDecoder rows = new RowDecoder(DecodeLimits.defaults());
    List<RowDecoder.Place> places =
        List.of(
            new RowDecoder.Place(
                new TensorSpec("y", Datatype.FP32, Shape.of(-1, 2)),
                JsonPointer.parse("/outputs/0/data/*")));
    ErrorText error = new ErrorText();
    int invalid = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = body.clone();
      for (int change = 0; change <= random.nextInt(6); change++) {
        int at = random.nextInt(changed.length);
        changed[at] =
            random.nextInt(4) == 0
                ? (byte) random.nextInt(256)
                : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      int length = random.nextInt(3) == 0 ? random.nextInt(changed.length + 1) : changed.length;
      int jsonLength = random.nextBoolean() ? -1 : random.nextInt(length + 2);
      if (decoder.decode(changed, length, jsonLength) instanceof DecodedOutputs.Invalid) {
        invalid++;
      }
      assertThat(metadata.decode(changed, length)).isNotNull();
      assertThat(rows.decode(changed, length, places, 2)).isNotNull();
      assertThat(error.of(changed, length)).isNotNull();
    }
    assertThat(invalid).isBetween(10_000, 19_999);
  }

  private DecodedOutputs decode(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return decoder.decode(body, body.length, -1);
  }
}
