package weir.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.observation.TracingSettings;

/** A repository of one model with two versions, of which a process died while loading one. */
class QuarantineTest {
  private static final Path FILES = Path.of("src/test/resources/weir/live");

  @TempDir private Path folder;
  private GatewayMetrics metrics;
  private Tracing tracing;

  @BeforeEach
  void repository() throws IOException, ModelRefusedException {
    metrics = GatewayMetrics.create("test", InstantSource.system());
    tracing = Tracing.create(TracingSettings.defaults(), "test", metrics);
    put("1", "healthy");
    put("2", "failing");
  }

  @AfterEach
  void close() {
    tracing.close();
    metrics.close();
  }

  private void put(String version, String file) throws IOException, ModelRefusedException {
    Path to = Files.createDirectories(folder.resolve("models/small").resolve(version));
    Files.copy(
        FILES.resolve(file + ".onnx"),
        to.resolve("model.onnx"),
        StandardCopyOption.REPLACE_EXISTING);
    DigestManifest.write(folder.resolve("models/small"));
  }

  private ModelRepository open() {
    return ModelRepository.create(
        new RepositorySettings(folder.resolve("models"), Duration.ofSeconds(1), 1 << 20, 1, 1, 1),
        Quarantine.in(folder),
        metrics,
        tracing,
        Ticker.systemTicker(),
        true);
  }

  /** What is left of a process that was gone while it loaded that version. */
  private void leaveMarker(String version) throws IOException {
    byte[] model = Files.readAllBytes(folder.resolve("models/small/" + version + "/model.onnx"));
    Quarantine.in(folder).mark(new Variant("small", version), DigestManifest.sha256(model));
  }

  private static Catalog look(ModelRepository repository, Catalog before) throws Exception {
    Catalog after = repository.refresh(before, Map.of());
    before.retireFor(after);
    return after;
  }

  private static String problem(Catalog catalog, String version) {
    return catalog.listings().stream()
        .filter(listing -> listing.variant().version().equals(version))
        .map(Catalog.Listing::problem)
        .findFirst()
        .orElse("not listed");
  }

  @Test
  void refresh_markerOfAnEarlierProcess_holdsThatVersionBackAndServesTheOther() throws Exception {
    leaveMarker("2");
    try (ModelRepository repository = open()) {
      Catalog catalog = look(repository, Catalog.EMPTY);

      assertThat(catalog.versions("small")).containsExactly("1");
      assertThat(catalog.newest("small")).isEqualTo("1");
      assertThat(catalog.waiting("small", "2")).contains(problem(catalog, "2"));
      assertThat(problem(catalog, "2"))
          .startsWith("version 2 of model 'small' is held back")
          .contains("replace the model's file, or delete loading/small@2.")
          .doesNotContain(folder.toString());
      look(repository, catalog);
      catalog.retireFor(Catalog.EMPTY);
    }
  }

  @Test
  void refresh_markerDeleted_triesTheVersionAgain() throws Exception {
    leaveMarker("2");
    try (ModelRepository repository = open()) {
      Catalog held = look(repository, Catalog.EMPTY);
      String words = problem(held, "2");
      Files.delete(folder.resolve(words.replaceAll(".*delete (\\S+) in.*", "$1")));

      Catalog after = look(repository, held);

      assertThat(after.versions("small")).containsExactly("1", "2");
      after.retireFor(Catalog.EMPTY);
    }
  }

  @Test
  void refresh_modelReplaced_servesTheNewFile() throws Exception {
    leaveMarker("2");
    try (ModelRepository repository = open()) {
      Catalog held = look(repository, Catalog.EMPTY);
      put("2", "half-failing");

      Catalog after = look(repository, held);

      assertThat(after.versions("small")).containsExactly("1", "2");
      after.retireFor(Catalog.EMPTY);
    }
  }

  @Test
  void refresh_onlyVersionHeldBack_keepsTheModelKnown() throws Exception {
    leaveMarker("1");
    leaveMarker("2");
    try (ModelRepository repository = open()) {
      Catalog catalog = look(repository, Catalog.EMPTY);

      assertThat(catalog.versions("small")).isEmpty();
      assertThat(catalog.models()).containsExactly("small");
      assertThat(catalog.newest("small")).isEqualTo("2");
    }
  }

  @Test
  void refresh_loadsAndRefusals_leaveNoMarker() throws Exception {
    try (ModelRepository repository = open()) {
      Catalog catalog = look(repository, Catalog.EMPTY);
      Files.write(folder.resolve("models/small/2/model.onnx"), new byte[] {1, 2, 3});
      DigestManifest.write(folder.resolve("models/small"));
      Catalog after = look(repository, catalog);

      assertThat(problem(after, "2")).isEmpty();
      assertThat(after.listings()).anyMatch(it -> it.problem().contains("not an ONNX model"));
      try (Stream<Path> markers = Files.list(folder.resolve("loading"))) {
        assertThat(markers).isEmpty();
      }
      after.retireFor(Catalog.EMPTY);
    }
  }
}
