package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.TensorSpec;

class MetadataEncoderTest {
  private final MetadataEncoder encoder = new MetadataEncoder();

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void server_versionAndExtensions_areInTheProtocolsShape() {
    assertThat(text(encoder.server("0.1.0", List.of("binary_tensor_data", "statistics"))))
        .isEqualTo(
            "{\"name\":\"weir\",\"version\":\"0.1.0\","
                + "\"extensions\":[\"binary_tensor_data\",\"statistics\"]}");
  }

  @Test
  void model_signature_keepsOpenDimensions() {
    ModelSignature signature =
        new ModelSignature(
            "onnxruntime_onnx",
            List.of(new TensorSpec("carat", Datatype.FP32, Shape.of(-1, 1))),
            List.of(new TensorSpec("price", Datatype.FP64, Shape.of())));

    assertThat(text(encoder.model("diamonds", List.of("1", "2"), signature)))
        .isEqualTo(
            "{\"name\":\"diamonds\",\"versions\":[\"1\",\"2\"],\"platform\":\"onnxruntime_onnx\","
                + "\"inputs\":[{\"name\":\"carat\",\"datatype\":\"FP32\",\"shape\":[-1,1]}],"
                + "\"outputs\":[{\"name\":\"price\",\"datatype\":\"FP64\",\"shape\":[]}]}");
  }

  @Test
  void repositoryIndex_readyAndNot_haveTritonsStates() {
    List<RepositoryEntry> entries =
        List.of(
            new RepositoryEntry("diamonds", "1", true, ""),
            new RepositoryEntry("diamonds", "2", false, "loading"));

    assertThat(text(encoder.repositoryIndex(entries)))
        .isEqualTo(
            "[{\"name\":\"diamonds\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"},"
                + "{\"name\":\"diamonds\",\"version\":\"2\",\"state\":\"UNAVAILABLE\","
                + "\"reason\":\"loading\"}]");
  }

  @Test
  void statistics_oneVariant_hasEveryTally() {
    StatisticsView view =
        new StatisticsView(
            "2",
            1_700_000_000_123L,
            40,
            39,
            new StatisticsView.Tally(50, 500),
            new StatisticsView.Tally(1, 10),
            new StatisticsView.Tally(2, 20),
            new StatisticsView.Tally(3, 30),
            new StatisticsView.Tally(4, 40),
            new StatisticsView.Tally(5, 50),
            new StatisticsView.Tally(6, 60),
            StatisticsView.Tally.NONE);

    assertThat(text(encoder.statistics("diamonds", List.of(view))))
        .isEqualTo(
            "{\"model_stats\":[{\"name\":\"diamonds\",\"version\":\"2\","
                + "\"last_inference\":1700000000123,\"inference_count\":40,\"execution_count\":39,"
                + "\"inference_stats\":{\"success\":{\"count\":50,\"ns\":500},"
                + "\"fail\":{\"count\":1,\"ns\":10},\"queue\":{\"count\":2,\"ns\":20},"
                + "\"compute_input\":{\"count\":3,\"ns\":30},"
                + "\"compute_infer\":{\"count\":4,\"ns\":40},"
                + "\"compute_output\":{\"count\":5,\"ns\":50},"
                + "\"cache_hit\":{\"count\":6,\"ns\":60},\"cache_miss\":{\"count\":0,\"ns\":0}},"
                + "\"batch_stats\":[]}]}");
  }

  @Test
  void error_anyMessage_isTheOnlyField() {
    assertThat(text(encoder.error("inputs[0] 'x': \"…\"\n")))
        .isEqualTo("{\"error\":\"inputs[0] 'x': \\\"…\\\"\\n\"}");
  }
}
