package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;

/** Plain services: the rows that they are sent, and the values that they answer. */
class RowsTest {
  private static final List<Tensor> TWO_ROWS =
      List.of(
          Tensor.ofFloats("carat", Shape.of(2, 1), 0.5f, 1),
          Tensor.ofStrings("cut", Shape.of(2), "Good", "F\"ü"),
          Tensor.ofFloats("size", Shape.of(2, 2), 1, 2, 3, 4));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OBJECTS | '' | [{`ct`:0.5,`cut`:`Good`,`size`:[1.0,2.0]},"
            + "{`ct`:1.0,`cut`:`F\\`ü`,`size`:[3.0,4.0]}]",
        "OBJECTS | /a/b | {`a`:{`b`:[{`ct`:0.5,`cut`:`Good`,`size`:[1.0,2.0]},"
            + "{`ct`:1.0,`cut`:`F\\`ü`,`size`:[3.0,4.0]}]}}",
        "ARRAYS | /instances | {`instances`:[[0.5,`Good`,[1.0,2.0]],[1.0,`F\\`ü`,[3.0,4.0]]]}",
        "COLUMNS | '' | {`ct`:[0.5,1.0],`cut`:[`Good`,`F\\`ü`],`size`:[[1.0,2.0],[3.0,4.0]]}",
      })
  void encode_rows_standAsTheLayoutSays(RowEncoder.Form form, String at, String json) {
    RowEncoder encoder = new RowEncoder(form, JsonPointer.parse(at), Map.of("carat", "ct"));

    assertThat(text(encoder.encode(TWO_ROWS))).isEqualTo(json.replace('`', '"'));
  }

  @Test
  void encode_objectOfOneRow_hasItsFields() {
    RowEncoder encoder =
        new RowEncoder(RowEncoder.Form.OBJECT, JsonPointer.parse("/in~1put"), Map.of());
    Tensor carat = Tensor.ofFloats("carat", Shape.of(1, 1), 0.5f);

    assertThat(text(encoder.encode(List.of(carat)))).isEqualTo("{\"in/put\":{\"carat\":0.5}}");
    assertThat(encoder.encode(TWO_ROWS))
        .isEqualTo(
            new Encoded.Unsayable("carat", "input 'carat': 2 rows, but the service takes one"));
  }

  @Test
  void encode_unequalRowsOrNaN_isUnsayable() {
    RowEncoder encoder = new RowEncoder(RowEncoder.Form.OBJECTS, JsonPointer.parse(""), Map.of());
    Tensor two = Tensor.ofFloats("a", Shape.of(2), 1, 2);

    assertThat(encoder.encode(List.of(two, Tensor.ofFloats("b", Shape.of(1), 1))))
        .isEqualTo(new Encoded.Unsayable("b", "input 'b': 1 rows, but 2 in 'a'"));
    assertThat(encoder.encode(List.of(Tensor.ofFloats("b", Shape.of(1), Float.NaN))))
        .isEqualTo(
            new Encoded.Unsayable(
                "b",
                "input 'b': element 0 is not a finite number, which the service's JSON cannot"
                    + " say"));
    assertThat(encoder.encode(List.of(Tensor.ofFloats("b", Shape.of(), 1))))
        .isEqualTo(new Encoded.Unsayable("b", "input 'b': shape [] is none of rows"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/p/* | {`x`:[{}],`p`:[1,2.5],`y`:null}",
        "/* | [1,2.5]",
        "/*/price | [{`price`:1,`id`:[]},{`id`:7,`price`:2.5}]",
        "/r/1/a~1b/*/v~0 | {`r`:[0,{`a/b`:[{`v~`:1},{`v~`:2.5}]}]}",
        "/p/* | {`p`:[[1],[2.5]]}",
      })
  void decode_valuesOfRows_areTheOutput(String pointer, String json) {
    assertThat(decode(json, Datatype.FP32, pointer, 2))
        .isEqualTo(
            new DecodedOutputs.Valid(List.of(Tensor.ofFloats("y", Shape.of(2, 1), 1, 2.5f))));
  }

  @Test
  void decode_oneValueWithoutRows_isTheOutput() {
    assertThat(decode("{`p`:`é`}", Datatype.BYTES, "/p", 1))
        .isEqualTo(new DecodedOutputs.Valid(List.of(Tensor.ofStrings("y", Shape.of(1, 1), "é"))));
    assertThat(decode("true", Datatype.BOOL, "", 1)).isInstanceOf(DecodedOutputs.Valid.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/p/* | FP32 | {`p`:[1]} | /p/*: 1 values for 2 rows of 1",
        "/p/* | FP32 | {`p`:[1,2,3]} | /p/*: 3 values for 2 rows of 1",
        "/p/* | FP32 | {`p`:{}} | /p/*: expected an array at '*', got an object",
        "/p/* | FP32 | {`q`:[]} | /p/*: there is no 'p'",
        "/p/* | FP32 | {`p`:[1,null]} | /p/*: expected a number, got null",
        "/p/* | FP32 | {`p`:[1,`2`]} | /p/*: expected a number, got a string",
        "/p/* | FP32 | {`p`:[1,NaN]} | JSON syntax error at line 1",
        "/p/* | FP32 | {`p`:[1,1e39]} | /p/*: the number is beyond the range of FP32",
        "/p/* | INT8 | {`p`:[1,128]} | /p/*: INT8 takes integers from -128 to 127",
        "/p/* | BYTES | {`p`:[1,2]} | /p/*: expected a string, got a number",
        "/p/* | BOOL | {`p`:[1,0]} | /p/*: expected true or false, got a number",
        "/p/* | FP32 | {`p`:[[1,2]]} | /p/*: a row has 2 values, not 1",
        "/p/* | FP32 | {`p`:[1,2],`p`:[3,4]} | JSON syntax error",
        "/p/7/* | FP32 | {`p`:[1]} | /p/7/*: there is no element '7'",
        "/p/* | FP32 | 3 | /p/*: expected an object with 'p', got a number",
        "'' | FP32 | '' | the body is empty",
      })
  void decode_otherThanTheOutput_namesThePointer(
      String pointer, Datatype datatype, String json, String message) {
    assertThat(decode(json, datatype, pointer, 2))
        .isInstanceOfSatisfying(
            DecodedOutputs.Invalid.class,
            invalid -> assertThat(invalid.message()).startsWith(message));
  }

  private static DecodedOutputs decode(String json, Datatype datatype, String pointer, int rows) {
    byte[] body = json.replace('`', '"').getBytes(StandardCharsets.UTF_8);
    TensorSpec spec = new TensorSpec("y", datatype, Shape.of(-1, 1));
    List<RowDecoder.Place> places = List.of(new RowDecoder.Place(spec, JsonPointer.parse(pointer)));
    return new RowDecoder(DecodeLimits.defaults()).decode(body, body.length, places, rows);
  }

  private static String text(Encoded encoded) {
    if (encoded instanceof Encoded.Body body) {
      return new String(body.bytes(), 0, body.length(), StandardCharsets.UTF_8);
    }
    throw new AssertionError(encoded.toString());
  }
}
