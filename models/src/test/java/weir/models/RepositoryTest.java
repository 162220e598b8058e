package weir.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RepositoryTest {

  private static final Path REPOSITORY = Path.of("repository");

  static Path[] models() throws IOException {
    try (var folders = Files.list(REPOSITORY)) {
      return folders.sorted().toArray(Path[]::new);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void checksums_everyModel_nameEveryFileWithItsDigest(Path model) throws Exception {
    Map<String, String> listed = new TreeMap<>();
    for (String line : Files.readAllLines(model.resolve("SHA256SUMS"))) {
      listed.put(line.substring(66), line.substring(0, 64));
    }

    Map<String, String> present = new TreeMap<>();
    try (var files = Files.walk(model)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".onnx")).toList()) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        String name = model.relativize(file).toString().replace('\\', '/');
        present.put(name, HexFormat.of().formatHex(digest));
      }
    }
    assertThat(listed).isNotEmpty().isEqualTo(present);
  }

  @ParameterizedTest
  @MethodSource("models")
  void config_everyModel_bearsTheNameOfItsFolder(Path model) throws Exception {
    assertThat(Files.readString(model.resolve("config.pbtxt")))
        .startsWith("name: \"" + model.getFileName() + "\"\n")
        .contains("platform: \"onnxruntime_onnx\"", "max_batch_size: 0");
  }

  @Test
  void plain30_twoRows_answersTwoProbabilities() throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    float[][] rows = new float[2][30];
    rows[1][0] = 1;

    try (var session = environment.createSession("repository/plain-30/1/model.onnx");
        var input = OnnxTensor.createTensor(environment, rows);
        var result = session.run(Map.of("input", input))) {
      var probability = (float[][]) result.get("probability").orElseThrow().getValue();

      assertThat(probability).hasDimensions(2, 1);
      assertThat(probability[0][0]).isEqualTo(0.5f);
      assertThat(probability[1][0]).isBetween(0f, 1f).isNotEqualTo(0.5f);
    }
  }
}
