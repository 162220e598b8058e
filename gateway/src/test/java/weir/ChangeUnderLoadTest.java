package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.backend.DigestManifest;
import weir.backend.ModelRefusedException;

/**
 * Models replaced and configurations broken under a real process with traffic: every request is
 * answered, every answer is right, and nothing piles up.
 *
 * <p>Ten reloads here; {@code ops/soak reload} does a hundred ({@code -Dweir.reloads=100}).
 */
@Tag("alone")
class ChangeUnderLoadTest {
  private static final System.Logger LOG = System.getLogger(ChangeUnderLoadTest.class.getName());
  private static final int RELOADS = Integer.getInteger("weir.reloads", 10);
  private static final int BROKEN = 20;
  private static final int CLIENTS = 4;
  private static final int UNITS = 1_000;
  private static final Path MODELS = Path.of("src/test/resources/weir/live");
  private static final float INPUT = 0.25f;

  /**
   * What {@code healthy} and {@code half-failing} make of it: they add it to itself, and pass it.
   */
  private static final String TWICE = "\"data\":[0.5]";

  private static final String ONCE = "\"data\":[0.25]";

  @TempDir private Path folder;

  static void replace(Path repository, String file) throws IOException, ModelRefusedException {
    Path live = repository.resolve("small/2/model.onnx");
    Path draft = live.resolveSibling("draft");
    Files.copy(MODELS.resolve(file + ".onnx"), draft, StandardCopyOption.REPLACE_EXISTING);
    Files.move(draft, live, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    DigestManifest.write(repository.resolve("small"));
  }

  private static SteadyClients clients(ChildGateway gateway) {
    return SteadyClients.start(gateway, CLIENTS, Duration.ofMillis(20), UNITS, INPUT);
  }

  private static void assertAllRight(List<ChildGateway.Answer> answers) {
    assertThat(answers).isNotEmpty();
    assertThat(answers)
        .allSatisfy(answer -> {
          assertThat(answer.status()).describedAs(answer.words()).isEqualTo(200);
          assertThat(
                  answer.words().contains(TWICE)
                      || (answer.version().equals("2") && answer.words().contains(ONCE)))
              .describedAs(answer.words())
              .isTrue();
        });
  }

  @Test
  void reload_againAndAgainUnderLoad_answersRightAndStaysFlat() throws Exception {
    assumeTrue(ProcessFigures.measurable(), "the process cannot be measured here");
    Path repository = ChildGateway.repository(folder, "healthy", "healthy");
    try (ChildGateway gateway = ChildGateway.start(folder, repository, ChildGateway.HALVES);
        SteadyClients load = clients(gateway)) {
      ProcessFigures settled = gateway.figures();
      for (int reload = 1; reload <= RELOADS; reload++) {
        boolean once = reload % 2 == 1;
        replace(repository, once ? "half-failing" : "healthy");
        Await.until(
            "reload " + reload,
            () -> gateway.infer(2, INPUT).words().contains(once ? ONCE : TWICE));
        if (reload == Math.max(2, RELOADS / 5)) {
          settled = gateway.figures();
        }
      }
      ProcessFigures end = gateway.figures();
      List<ChildGateway.Answer> answers = load.take();
      LOG.log(
          System.Logger.Level.INFO,
          "{0} reloads, {1} requests; early: {2}; at the end: {3}",
          RELOADS,
          answers.size(),
          settled,
          end);

      assertAllRight(answers);
      assertThat(end.heapBytes() - settled.heapBytes()).isLessThan(8 << 20);
      assertThat(end.rssBytes() - settled.rssBytes()).isLessThan(96 << 20);
      assertThat(end.files() - settled.files()).isLessThan(30);
      assertThat(end.threads() - settled.threads()).isLessThan(30);
    }
  }

  @Test
  void configure_brokenAgainAndAgainUnderLoad_servesOnWithTheOldOne() throws Exception {
    Path repository = ChildGateway.repository(folder, "healthy", "healthy");
    try (ChildGateway gateway = ChildGateway.start(folder, repository, ChildGateway.HALVES);
        SteadyClients load = clients(gateway)) {
      Path file = folder.resolve("weir.yaml");
      String good = Files.readString(file);
      List<String> broken =
          List.of(
              good.replace("models:", "modles:"),
              good.replace("\"2\": 50", "\"9\": 50"),
              good + "\n  {[",
              good.replace("split:", "fixed:"));
      for (int round = 0; round < BROKEN; round++) {
        long refusals = refusals();
        // The number makes each text a new one.
        write(file, broken.get(round % broken.size()) + "\n# " + round + "\n");
        Await.until("refusal " + round, () -> refusals() > refusals);
        assertThat(gateway.infer(2, INPUT).status()).isEqualTo(200);
      }
      write(file, good.replace("\"1\": 50, \"2\": 50", "\"1\": 0, \"2\": 100"));
      Await.until("the good one", () -> gateway.model().path("policy").toString().contains("100"));

      assertAllRight(load.take());
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling("draft.yaml");
    Files.writeString(draft, text);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private long refusals() throws IOException {
    return Files.readAllLines(folder.resolve("log")).stream()
        .filter(line -> line.contains("is not applied: "))
        .count();
  }
}
