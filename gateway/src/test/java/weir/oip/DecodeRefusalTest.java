package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refusal of a request's structure, word for word. */
class DecodeRefusalTest {
  @ParameterizedTest
  @MethodSource("bodies")
  void decode_wrongBody_saysFieldAndExpectation(String body, String message) {
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);

    assertThat(Requests.invalid(Requests.decode(Requests.SMALL, bytes, -1))).isEqualTo(message);
  }

  static Stream<Arguments> bodies() {
    return Stream.of(document(), topLevel(), inputs(), shapes(), data(), parameters(), outputs())
        .flatMap(cases -> cases);
  }

  private static Arguments of(String body, String message) {
    return Arguments.of(body, message);
  }

  /** A request whose only input is {@code input}. */
  private static Arguments input(String input, String message) {
    return of("{'inputs':[" + input + "]}", message);
  }

  private static Arguments x(String shape, String data, String message) {
    return input(
        "{'name':'x','shape':" + shape + ",'datatype':'FP32','data':" + data + "}",
        "inputs[0] 'x': " + message);
  }

  private static Stream<Arguments> document() {
    return Stream.of(
        of("", "the body is empty; expected a JSON object"),
        of("  ", "the body: expected an object, got nothing"),
        of("[]", "the body: expected an object, got an array"),
        of("5", "the body: expected an object, got a number"),
        of("null", "the body: expected an object, got null"),
        of("\uFEFF{'inputs':[]}", "JSON syntax error at line 1, column 3"),
        of("{'inputs':[]} {}", "there is more text after the JSON object"),
        of("{'inputs':[]}x", "JSON syntax error at line 1, column 14"),
        of("{'inputs':[]}]", "JSON syntax error at line 1, column 14"),
        of("{'inputs':[],}", "JSON syntax error at line 1, column 14"),
        of("{\n 'inputs':[1,]}", "inputs[0]: expected an object, got a number"),
        of("{\n 'inputs':\n x}", "JSON syntax error at line 3, column 2"),
        of("{'inputs':[", "JSON syntax error at line 1, column 12: the text ends too early"),
        of("{/* */}", "JSON syntax error at line 1, column 2"),
        of("{'inputs'=[]}", "JSON syntax error at line 1, column 10"));
  }

  private static Stream<Arguments> topLevel() {
    return Stream.of(
        of("{}", "'inputs' is missing"),
        of("{'input':[]}", "unknown field 'input'; did you mean 'inputs'?"),
        of("{'inputs':[],'ouputs':[]}", "unknown field 'ouputs'; did you mean 'outputs'?"),
        of("{'inputs':[],'inputs':[]}", "the field 'inputs' is given twice"),
        of("{'inputs':[],'z':1,'z':1}", "the field 'z' is given twice"),
        of("{'inputs':null}", "inputs: expected an array, got null"),
        of("{'inputs':{}}", "inputs: expected an array, got an object"),
        of("{'id':5,'inputs':[]}", "id: expected a string, got a number"),
        of(
            "{'id':'" + "n".repeat(33) + "','inputs':[]}",
            "id: the string is longer than 32 characters"),
        of("{'id':'\\udc00','inputs':[]}", "id: the string has half of a surrogate pair"),
        of("{'a':1,'b':1,'c':1,'d':1}", "more than 3 unknown fields"),
        of("{'z':[[[[[[1]]]]]]}", "z: nested deeper than 5"),
        of(
            "{'" + "n".repeat(33) + "':1}",
            "a number of more than 1000 characters or a field name of more than 32, at line 1, column 37"),
        of(
            "{'z':" + "1".repeat(1001) + "}",
            "a number of more than 1000 characters or a field name of more than 32, at line 1, column 1007"));
  }

  private static Stream<Arguments> inputs() {
    return Stream.of(
        input("[]", "inputs[0]: expected an object, got an array"),
        input("{}", "inputs[0]: 'name' is missing"),
        input("{'name':5}", "inputs[0]: name: expected a string, got a number"),
        input("{'name':''}", "inputs[0]: name: expected a string that is not empty"),
        input(
            "{'name':'" + "n".repeat(33) + "'}",
            "inputs[0]: name: the string is longer than 32 characters"),
        input("{'name':'x'}", "inputs[0] 'x': 'shape' is missing"),
        input("{'name':'x','shape':[1]}", "inputs[0] 'x': 'datatype' is missing"),
        input(
            "{'name':'x','shpe':[1],'datatype':'FP32','data':[1]}",
            "inputs[0] 'x': unknown field 'shpe'; did you mean 'shape'?"),
        input(
            "{'name':'x\\u0000\\n','name':1}", "inputs[0] 'x??': the field 'name' is given twice"),
        input("{'name':'x','shape':[1],'datatype':'FP32'}", "inputs[0] 'x': 'data' is missing"),
        input(
            "{'name':'x','datatype':5}",
            "inputs[0] 'x': datatype: expected a string, got a number"),
        input(
            "{'datatype':'FLOAT','name':'x'}",
            "inputs[0]: 'datatype' FLOAT is unknown; use one of BOOL, UINT8, UINT16, UINT32, UINT64,"
                + " INT8, INT16, INT32, INT64, FP16, BF16, FP32, FP64, BYTES"),
        input(
            "{'name':'x','shape':[1],'datatype':'FP32','data':[1]},"
                + "{'name':'x','shape':[1],'datatype':'FP32','data':[1]}",
            "inputs[1] 'x': an earlier input has the same name"),
        input(
            Stream.of("a", "b", "c", "d")
                .map(n -> "{'name':'" + n + "','shape':[0],'datatype':'FP32','data':[]}")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow(),
            "more than 3 inputs"));
  }

  private static Stream<Arguments> shapes() {
    return Stream.of(
        x("5", "[]", "shape: expected an array, got a number"),
        x("[1.0]", "[]", "shape[0]: expected an integer, got a number with a fraction or exponent"),
        x("[2,'a']", "[]", "shape[1]: expected an integer, got a string"),
        x("[2,-1]", "[]", "shape[1]: a dimension is not negative"),
        x("[9223372036854775808]", "[]", "shape[0]: the integer does not fit 64 bits"),
        x("[1,1,1,1,1,1]", "[]", "shape has more than 5 dimensions"),
        x("[1001]", "[]", "shape [1001] has more than 1000 elements"),
        x(
            "[9223372036854775807,3]",
            "[]",
            "shape [9223372036854775807,3] has more than 1000 elements"));
  }

  private static Stream<Arguments> data() {
    return Stream.of(
        x("[1,2]", "5", "data: expected an array, got a number"),
        x("[1,2]", "null", "data: expected an array, got null"),
        x("[1,2]", "[1,2,3]", "data has 3 values, shape [1,2] takes 2"),
        x("[1,2]", "[1]", "data has 1 value, shape [1,2] takes 2"),
        x("[1,2]", "[]", "data has 0 values, shape [1,2] takes 2"),
        x("[900]", "[1,2]", "data has 2 values, shape [900] takes 900"),
        x("[]", "[]", "data has 0 values, shape [] takes 1"),
        x("[0]", "[[1],{'a':[2]}]", "data has 2 values, shape [0] takes 0"),
        x("[0]", "[[[[[[[[]]]]]]]]", "data[0]: nested deeper than 5"),
        x("[1,2]", "[[1,2],[3,4]]", "data has 2 rows, shape [1,2] takes 1"),
        x("[2,2]", "[[1,2]]", "data has 1 row, shape [2,2] takes 2"),
        x("[2,2]", "[[1,2],[3]]", "data[1] has 1 value, shape [2,2] takes 2"),
        x("[2,2]", "[[1,2],[3,4,5,[6]]]", "data[1] has 4 values, shape [2,2] takes 2"),
        x("[1,2,1]", "[[[1],[2],[3]]]", "data[0] has 3 rows, shape [1,2,1] takes 2"),
        x("[2,2]", "[[1,2],3]", "data[1]: expected an array, got a number"),
        x("[2,2]", "[[1,2],[3,'4']]", "data[1][1]: expected a number, got a string"),
        x("[2,2]", "[[1,2],[3,[4]]]", "data[1][1]: expected a number, got an array"),
        x("[2,2]", "[1,[2],3,4]", "data[1]: expected a number, got an array"),
        x("[2]", "[[1],[2]]", "data[0]: expected a number, got an array"),
        input(
            "{'name':'x','shape':[1],'datatype':'BYTES','data':['" + "é".repeat(11) + "']}",
            "inputs[0] 'x': data[0]: the string is longer than 20 bytes"),
        input(
            "{'name':'x','data':5,'shape':[1],'datatype':'FP32'}",
            "inputs[0] 'x': data: expected an array, got a number"),
        input(
            "{'name':'x','data':[[[[[[1]]]]]],'shape':[1],'datatype':'FP32'}",
            "inputs[0] 'x': data: nested deeper than 5"),
        input(
            "{'data':[[1,2],['3',4]],'name':'x','shape':[2,2],'datatype':'FP32'}",
            "inputs[0] 'x': data[1][0]: expected a number, got a string"));
  }

  private static Stream<Arguments> parameters() {
    return Stream.of(
        of("{'parameters':[]}", "parameters: expected an object, got an array"),
        of(
            "{'parameters':{'a':{}}}",
            "parameters: a: expected a string, number or boolean, got an object"),
        of(
            "{'parameters':{'a':null}}",
            "parameters: a: expected a string, number or boolean, got null"),
        of("{'parameters':{'a':1,'a':2}}", "parameters: a: the parameter is given twice"),
        of("{'parameters':{'':1}}", "parameters: : a name is empty"),
        of("{'parameters':{'a':1,'b':1,'c':1,'d':1}}", "parameters: d: more than 3 parameters"),
        of(
            "{'parameters':{'a':18446744073709551615}}",
            "parameters: a: the integer does not fit 64 bits"),
        of(
            "{'parameters':{'a':1e400}}",
            "parameters: a: the number is beyond the range of 64-bit floats"),
        of(
            "{'parameters':{'a':'" + "a".repeat(21) + "'}}",
            "parameters: a: the string is longer than 20 characters"),
        of(
            "{'inputs':[],'parameters':{'binary_data_output':1}}",
            "parameters: binary_data_output: expected true or false"),
        input(
            "{'name':'x','parameters':{'shared_memory_region':'r'}}",
            "inputs[0] 'x': shared memory is not served; move tensors in the body"));
  }

  private static Stream<Arguments> outputs() {
    return Stream.of(
        of("{'outputs':{}}", "outputs: expected an array, got an object"),
        of("{'outputs':['y']}", "outputs[0]: expected an object, got a string"),
        of("{'outputs':[{}]}", "outputs[0]: 'name' is missing"),
        of("{'outputs':[{'nme':'y'}]}", "outputs[0]: unknown field 'nme'; did you mean 'name'?"),
        of("{'outputs':[{'name':5}]}", "outputs[0]: name: expected a string, got a number"),
        of(
            "{'outputs':[{'name':'y'},{'name':'y'}]}",
            "outputs[1]: an earlier output has the same name"),
        of("{'outputs':[{'name':'a'},{'name':'b'},{'name':'c'}]}", "more than 2 outputs"),
        of(
            "{'outputs':[{'name':'y','parameters':{'classification':3}}]}",
            "outputs[0]: classification is not served; ask for the output itself"),
        of(
            "{'outputs':[{'name':'y','parameters':{'binary_data':'yes'}}]}",
            "outputs[0]: parameters: binary_data: expected true or false"));
  }
}
