package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.backend.DigestManifest;
import weir.backend.RepositorySettings;
import weir.demo.Demo;
import weir.demo.DemoPlan;
import weir.demo.Terminal;

/**
 * The demo's story is judged, not scripted: with versions 2 and 3 swapped it goes the other way.
 */
@Tag("alone")
class DemoStoryTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String MODEL = "diamond-price";
  private static final Duration STORY_MAX = Duration.ofMinutes(5);

  @TempDir private Path folder;

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void story_versionsSwapped_theOtherOneIsSentBack() throws Exception {
    Path repository = swapped();
    WeirSettings demo = Settings.read(ROOT.resolve("ops/demo.yaml"), Map.of());
    RepositorySettings at = demo.repository();
    WeirSettings settings =
        new WeirSettings(
            demo.http().withPorts(0, 0),
            demo.grpc().withPort(0),
            demo.access(),
            new RepositorySettings(
                repository,
                at.poll(),
                at.maxModelBytes(),
                at.permits(),
                at.maxQueued(),
                at.warmUpRuns()),
            demo.limits(),
            demo.tracing(),
            demo.notices(),
            demo.shadow(),
            demo.journal(),
            demo.predictionKeys(),
            folder.resolve("state"),
            demo.models());
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    try (Gateway gateway = Gateway.start(settings);
        PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8)) {
      run(gateway, told, out);
    }

    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains("Version 2 is sent back. ")
        .contains("Version 3 has 50 % of the traffic.", "Version 3 is promoted. ")
        .containsPattern("Drift: .*carat .*x .*y .*z ")
        .doesNotContain("Version 2 is promoted", "Version 3 is sent back");
  }

  private static void run(Gateway gateway, ByteArrayOutputStream told, PrintStream out)
      throws Exception {
    Demo demo =
        Demo.create(
            new DemoPlan(
                new DemoPlan.Target(
                    URI.create("http://127.0.0.1:" + gateway.port()),
                    URI.create("http://127.0.0.1:" + gateway.managementPort()),
                    MODEL),
                ROOT.resolve("models/data/replay.csv.gz"),
                Map.of("1", 1.0),
                DemoPlan.Traffic.defaults(),
                Optional.of(STORY_MAX),
                Optional.of(DemoPlan.Story.defaults()),
                Map.of()),
            Terminal.of(out, false, Map.of()));
    Thread running = Thread.ofVirtual().start(demo::run);
    while (running.isAlive() && !told.toString(StandardCharsets.UTF_8).contains("story")) {
      running.join(Duration.ofMillis(200));
    }
    demo.stop();
    running.join();
  }

  /** The demo's repository with the files of versions 2 and 3 in each other's place. */
  private Path swapped() throws Exception {
    Path to = folder.resolve("repository").resolve(MODEL);
    Path from = ROOT.resolve("models/repository").resolve(MODEL);
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = from.relativize(file).toString();
            String put =
                switch (name.charAt(0)) {
                  case '2' -> "3" + name.substring(1);
                  case '3' -> "2" + name.substring(1);
                  default -> name;
                };
            Path target = to.resolve(put);
            Files.createDirectories(target.resolve("..").normalize());
            Files.copy(file, target);
            return FileVisitResult.CONTINUE;
          }
        });
    Files.delete(to.resolve("SHA256SUMS"));
    DigestManifest.write(to);
    return to.resolve("..").normalize();
  }
}
