package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.backend.DigestManifest;

/** Models and settings that change under a running gateway: whole or not at all. */
@Tag("alone")
class LiveChangeTest {
  private static final String SPLIT =
      """
      diamond-price:
        routing: {sticky: {by-header: x-user-id}, policy: {split: {"1": 50, "2": 50}}}
      """;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private Path repository() throws IOException {
    Path copy = folder.resolve("repository");
    try (Stream<Path> files = Files.walk(TestGateway.REPOSITORY)) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(TestGateway.REPOSITORY.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return copy;
  }

  private TestGateway start(Path repository, String models) throws StartRefusedException {
    return TestGateway.start(repository, folder.resolve("state"), models);
  }

  /** Waits, within a bound, until something is so. */
  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).describedAs("the change was not seen in time").isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static int status(TestGateway gateway, String version) throws Exception {
    return gateway
        .post("/v2/models/diamond-price/versions/" + version + "/infer", TestGateway.STONE)
        .statusCode();
  }

  @Test
  void apply_newSplit_movesUnitsOnlyTowardsTheGrowing() throws Exception {
    Path repository = repository();
    try (TestGateway gateway = start(repository, SPLIT)) {
      List<String> before = variants(gateway);

      assertThat(
              gateway
                  .gateway()
                  .apply(
                      TestGateway.settings(
                          repository,
                          folder.resolve("state"),
                          SPLIT.replace("\"1\": 50, \"2\": 50", "\"1\": 20, \"2\": 80"))))
          .isEmpty();

      List<String> after = variants(gateway);
      assertThat(after).isNotEqualTo(before);
      for (int i = 0; i < before.size(); i++) {
        assertThat(before.get(i).equals("2") && after.get(i).equals("1")).isFalse();
      }
    }
  }

  private static List<String> variants(TestGateway gateway) throws Exception {
    List<String> variants = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      variants.add(gateway.variantOf("user-" + i));
    }
    return variants;
  }

  @Test
  void apply_unknownVersion_isRefusedWholeAndTheOldPlanServes() throws Exception {
    Path repository = repository();
    try (TestGateway gateway = start(repository, SPLIT)) {
      List<String> problems =
          gateway
              .gateway()
              .apply(
                  TestGateway.settings(
                      repository,
                      folder.resolve("state"),
                      SPLIT.replace("\"2\": 50", "\"9\": 50")));

      assertThat(problems)
          .containsExactly(
              "models.diamond-price: version 9 is routed to, but only 1, 2, 3 can serve");
      assertThat(variants(gateway)).containsOnly("1", "2");
    }
  }

  @Test
  void start_versionsWithOtherInputsUnderOneSplit_areRefused() throws Exception {
    Path repository = repository();
    Files.copy(
        repository.resolve("plain-30/1/model.onnx"),
        repository.resolve("diamond-price/2/model.onnx"),
        StandardCopyOption.REPLACE_EXISTING);
    DigestManifest.write(repository.resolve("diamond-price"));

    assertThatThrownBy(() -> start(repository, SPLIT).close())
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("models.diamond-price: versions 1, 2 take different inputs");
  }

  @Test
  void start_digestMismatch_namesFileAndDigests() throws Exception {
    Path repository = repository();
    Files.write(repository.resolve("diamond-price/2/model.onnx"), new byte[] {1});

    assertThatThrownBy(() -> start(repository, SPLIT).close())
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("2/model.onnx of 'diamond-price' has digest 4bf5122f")
        .hasMessageContaining("copy the file again");
  }

  @Test
  void start_noManifest_saysHowToWriteIt() throws Exception {
    Path repository = repository();
    Files.delete(repository.resolve("diamond-price/SHA256SUMS"));

    assertThatThrownBy(() -> start(repository, SPLIT).close())
        .hasMessageContaining("ops/weir digest");
  }

  @Test
  void refresh_newVersionOnDisk_servesWithoutRestart() throws Exception {
    Path repository = repository();
    try (TestGateway gateway = start(repository, SPLIT)) {
      assertThat(status(gateway, "4")).isEqualTo(404);

      Files.createDirectories(repository.resolve("diamond-price/4"));
      Files.copy(
          repository.resolve("diamond-price/2/model.onnx"),
          repository.resolve("diamond-price/4/model.onnx"));
      DigestManifest.write(repository.resolve("diamond-price"));

      await(() -> status(gateway, "4") == 200);
    }
  }

  @Test
  void refresh_brokenReplacement_isRefusedWithItsReasonWhileTheOldServes() throws Exception {
    Path repository = repository();
    try (TestGateway gateway = start(repository, SPLIT)) {
      Files.writeString(repository.resolve("diamond-price/2/model.onnx"), "broken");
      DigestManifest.write(repository.resolve("diamond-price"));

      await(() -> gateway.post("/v2/repository/index", "").body().contains("not an ONNX model"));
      assertThat(status(gateway, "2")).isEqualTo(200);
    }
  }

  @Test
  void refresh_replacedAgainAndAgainUnderLoad_failsNoRequest() throws Exception {
    Path repository = repository();
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    try (TestGateway gateway = start(repository, SPLIT)) {
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String unit = "user-" + i;
        clients.add(Thread.ofVirtual().start(() -> load(gateway, unit, done, answered, failures)));
      }
      Path live = repository.resolve("diamond-price/2/model.onnx");
      byte[] two = Files.readAllBytes(live);
      byte[] three = Files.readAllBytes(repository.resolve("diamond-price/3/model.onnx"));
      for (int round = 0; round < 6; round++) {
        int enough = answered.get() + 20;
        replace(live, round % 2 == 0 ? three : two);
        DigestManifest.write(repository.resolve("diamond-price"));
        await(() -> answered.get() > enough);
      }
      done.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
    assertThat(failures).isEmpty();
    assertThat(answered.get()).isGreaterThan(100);
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path draft = file.resolveSibling("draft");
    Files.write(draft, bytes);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void load(
      TestGateway gateway,
      String unit,
      AtomicBoolean done,
      AtomicInteger answered,
      List<String> failures) {
    try {
      while (!done.get()) {
        HttpResponse<String> response =
            gateway.post(TestGateway.INFER, TestGateway.STONE, "x-user-id", unit);
        if (response.statusCode() == 200) {
          answered.incrementAndGet();
        } else {
          failures.add(response.statusCode() + " " + response.body());
        }
      }
    } catch (IOException e) {
      failures.add(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
