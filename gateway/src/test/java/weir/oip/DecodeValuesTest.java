package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;

/** Every datatype's JSON values, to little-endian bytes. */
class DecodeValuesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BOOL   | true,false                                  | 01 00
          UINT8  | 0,255,1.0,2e1                               | 00 ff 01 14
          UINT16 | 0,65535,258                                 | 0000 ffff 0201
          UINT32 | 0,4294967295                                | 00000000 ffffffff
          UINT64 | 0,18446744073709551615,9223372036854775808  | 0000000000000000 ffffffffffffffff 0000000000000080
          UINT64 | 1e19,18446744073709551615.0                 | 0000e8890423c78a ffffffffffffffff
          INT8   | -128,127,-0,-1.00,12.7e1                    | 80 7f 00 ff 7f
          INT16  | -32768,32767                                | 0080 ff7f
          INT32  | -2147483648,2147483647                      | 00000080 ffffff7f
          INT64  | -9223372036854775808,9223372036854775807    | 0000000000000080 ffffffffffffff7f
          INT64  | 0e999999,-0.0,9.223372036854775807e18       | 0000000000000000 0000000000000000 ffffffffffffff7f
          FP16   | 1,-2.5,65504,6e-8,65519.9999999999999       | 003c 00c1 ff7b 0100 ff7b
          BF16   | 1,-2.5,3.3895e38                            | 803f 20c0 7f7f
          FP32   | 1,-2.5,0.1,3.4028235e38,1e-50,-0.0          | 0000803f 000020c0 cdcccc3d ffff7f7f 00000000 00000080
          FP32   | 1.401298464324817e-45,16777217,3.4028235677973366e38              | 01000000 0000804b ffff7f7f
          FP64   | 0.1,1.7976931348623157e308,4.9e-324         | 9a9999999999b93f ffffffffffffef7f 0100000000000000
          BYTES  | "a","","größer","😀","\\u00e9\\ud83d\\ude00" | 0100000061 00000000 080000006772c3b6c39f6572 04000000f09f9880 06000000c3a9f09f9880
          """)
  void decode_valuesOfDatatype_areLittleEndianBytes(Datatype datatype, String data, String hex) {
    String expected = hex.replace(" ", "");
    String values = data.replace("\\\\", "\\");
    int count = values.split(",", -1).length;

    WireRequest request =
        Requests.valid(Requests.request(datatype.name(), "[" + count + "]", "[" + values + "]"));

    Tensor tensor = request.inputs().getFirst();
    assertThat(tensor.name()).isEqualTo("x");
    assertThat(tensor.datatype()).isEqualTo(datatype);
    assertThat(tensor.shape()).isEqualTo(Shape.of(count));
    assertThat(HexFormat.of().formatHex(Requests.bytes(tensor))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          BOOL   | 1                        | expected true or false, got a number
          BOOL   | "true"                   | expected true or false, got a string
          BOOL   | null                     | expected true or false, got null
          UINT8  | -1                       | UINT8 takes integers from 0 to 255
          UINT8  | 256                      | UINT8 takes integers from 0 to 255
          UINT8  | true                     | expected an integer, got a boolean
          UINT16 | 65536                    | UINT16 takes integers from 0 to 65535
          UINT32 | 4294967296               | UINT32 takes integers from 0 to 4294967295
          UINT64 | 18446744073709551616     | UINT64 takes integers from 0 to 18446744073709551615
          UINT64 | -1                       | UINT64 takes integers from 0 to 18446744073709551615
          UINT64 | -9223372036854775809     | UINT64 takes integers from 0 to 18446744073709551615
          INT8   | 128                      | INT8 takes integers from -128 to 127
          INT8   | -129                     | INT8 takes integers from -128 to 127
          INT16  | 32768                    | INT16 takes integers from -32768 to 32767
          INT32  | 2147483648               | INT32 takes integers from -2147483648 to 2147483647
          INT64  | 9223372036854775808      | INT64 takes integers from -9223372036854775808 to 9223372036854775807
          INT64  | -9223372036854775809     | INT64 takes integers from -9223372036854775808 to 9223372036854775807
          INT32  | 1.5                      | expected an integer, got a fraction
          INT32  | 1e-2147483647            | expected an integer, got a fraction
          INT32  | 1e2147483647             | INT32 takes integers from -2147483648 to 2147483647
          INT32  | 1e1000000000             | INT32 takes integers from -2147483648 to 2147483647
          INT32  | 1e99999999999            | INT32 takes integers from -2147483648 to 2147483647
          INT32  | "1"                      | expected an integer, got a string
          FP16   | 65520                    | the number is beyond the range of FP16
          FP16   | -1e9                     | the number is beyond the range of FP16
          BF16   | 3.3999e38                | the number is beyond the range of BF16
          FP32   | 1e39                     | the number is beyond the range of FP32
          FP32   | 3.4028235677973367e38    | the number is beyond the range of FP32
          FP32   | 1e99999999999            | the number is beyond the range of FP32
          FP32   | "NaN"                    | expected a number, got a string
          FP32   | {}                       | expected a number, got an object
          FP32   | [1]                      | expected a number, got an array
          FP64   | -1e309                   | the number is beyond the range of FP64
          BYTES  | 5                        | expected a string, got a number
          BYTES  | "\\ud83d"                | the string has half of a surrogate pair
          BYTES  | "\\ude00\\ud83d"         | the string has half of a surrogate pair
          """)
  void decode_valueThatDoesNotFit_saysWhereAndWhy(Datatype datatype, String value, String why) {
    String good =
        switch (datatype.kind()) {
          case BOOLEAN -> "true";
          case BYTES -> "\"\"";
          case SIGNED, UNSIGNED, FLOATING -> "1";
        };
    String data = "[%s,%s]".formatted(good, value.replace("\\\\", "\\"));

    String message =
        Requests.invalid(Requests.decode(Requests.request(datatype.name(), "[2]", data)));

    assertThat(message).isEqualTo("inputs[0] 'x': data[1]: " + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []      | [7]
          [1]     | [7]
          [0]     | []
          [0,3]   | []
          [2,0]   | [[],[]]
          [0,3]   | [ ]
          [2,3]   | [1,2,3,4,5,6]
          [2,3]   | [[1,2,3],[4,5,6]]
          [1,2,3] | [[[1,2,3],[4,5,6]]]
          [2,1,3] | [[[1,2,3]],[[4,5,6]]]
          """)
  void decode_flatOrNestedData_isRowMajor(String shape, String data) {
    Tensor tensor = Requests.valid(Requests.request("INT8", shape, data)).inputs().getFirst();

    assertThat(tensor.shape()).hasToString(shape);
    String digits = data.replaceAll("[^0-9]", "");
    assertThat(Requests.bytes(tensor)).asString().hasSize(digits.length());
    for (int i = 0; i < digits.length(); i++) {
      assertThat(tensor.data().get(i)).isEqualTo((byte) (digits.charAt(i) - '0'));
    }
  }

  @Test
  void decode_floatsWithoutFraction_areAccepted() {
    Tensor tensor =
        Requests.valid(Requests.request("FP64", "[2]", "[12345678901234567890123,2]"))
            .inputs()
            .getFirst();

    assertThat(tensor.data().getDouble(0)).isEqualTo(1.2345678901234568e22);
    assertThat(tensor.data().getDouble(8)).isEqualTo(2.0);
  }
}
