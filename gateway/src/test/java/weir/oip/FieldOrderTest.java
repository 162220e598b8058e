package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;

/** The fields of an object mean the same in every order. */
class FieldOrderTest {
  private static final List<String> INPUT =
      List.of(
          "\"name\":\"größe\"",
          "\"shape\":[2,2]",
          "\"datatype\":\"FP32\"",
          "\"parameters\":{\"note\":\"[1,2]\"}",
          "\"data\" : [[1.5,2],\n[ 3e0,-0.25] ] ");
  private static final List<String> REQUEST =
      List.of(
          "\"id\":\"7\"",
          "\"parameters\":{\"binary_data_output\":true,\"a\":1}",
          "\"outputs\":[{\"name\":\"y\"},{\"parameters\":{\"binary_data\":false},\"name\":\"z\"}]",
          "\"inputs\":[]");

  @Test
  void decode_inputFieldsInAnyOrder_giveTheSameTensor() {
    Tensor expected = Tensor.ofFloats("größe", Shape.of(2, 2), 1.5f, 2, 3, -0.25f);

    permutations(INPUT)
        .forEach(fields -> {
          String json = "{\"id\":\"ü\",\"inputs\":[{" + String.join(",", fields) + "}]}";
          assertThat(Requests.valid(json).inputs()).containsExactly(expected);
        });
  }

  @Test
  void decode_wrongElementInAnyOrder_isFoundAtItsPlace() {
    permutations(INPUT)
        .forEach(fields -> {
          String json = "{\"inputs\":[{" + String.join(",", fields).replace("3e0", "true") + "}]}";
          assertThat(Requests.invalid(Requests.decode(json)))
              .endsWith("data[1][0]: expected a number, got a boolean");
        });
  }

  @Test
  void decode_requestFieldsInAnyOrder_giveTheSameRequest() {
    permutations(REQUEST)
        .forEach(fields -> {
          WireRequest request = Requests.valid("{" + String.join(",", fields) + "}");
          assertThat(request.id()).isEqualTo("7");
          assertThat(request.binaryByDefault()).isTrue();
          assertThat(request.parameters()).hasSize(1).containsEntry("a", 1L);
          assertThat(request.outputs())
              .containsExactly(new WantedOutput("y", true), new WantedOutput("z", false));
        });
  }

  @Test
  void decode_optionalFieldsNullOrAbsent_areEmpty() {
    String nulls = "{\"id\":null,\"parameters\":null,\"outputs\":null,\"inputs\":[]}";

    assertThat(Requests.valid(nulls)).isEqualTo(Requests.valid("{\"inputs\":[]}"));
    assertThat(Requests.valid(nulls).id()).isEmpty();
  }

  @Test
  void decode_unknownFields_arePassedOver() {
    String json =
        """
        {"model_name":"m","extra":{"a":[1,{"b":2}]},"inputs":[{"name":"x","units":["kg"],
         "shape":[1],"shapes":3,"datatype":"INT8","data":[5],"parameters":{"own":1}}],
         "outputs":[{"name":"y","datatype":"FP32"}]}\
        """;

    WireRequest request = Requests.valid(json);

    assertThat(request.inputs().getFirst().datatype()).isEqualTo(Datatype.INT8);
    assertThat(request.outputNames()).containsExactly("y");
    assertThat(request.wantsBinary("y")).isFalse();
  }

  @Test
  void decode_parameters_keepTheirKind() {
    WireRequest request =
        Requests.valid(
            "{\"inputs\":[],\"parameters\":{\"s\":\"ü\",\"l\":-9223372036854775808,\"d\":1.0,\"b\":false}}");

    assertThat(request.parameters())
        .containsEntry("s", "ü")
        .containsEntry("l", Long.MIN_VALUE)
        .containsEntry("d", 1.0)
        .containsEntry("b", false)
        .hasSize(4);
  }

  private static Stream<List<String>> permutations(List<String> items) {
    if (items.isEmpty()) {
      return Stream.of(List.of());
    }
    return items.stream()
        .flatMap(first -> {
          List<String> rest = new ArrayList<>(items);
          rest.remove(first);
          return permutations(rest)
              .map(tail -> Stream.concat(Stream.of(first), tail.stream()).toList());
        });
  }
}
