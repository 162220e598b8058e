package weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import weir.inference.Variant;
import weir.journal.Journal;
import weir.journal.SqliteJournal;
import weir.observation.GatewayMetrics;
import weir.routing.PredictionId;
import weir.routing.PredictionSigner;
import weir.routing.Score;
import weir.routing.SigningKeys;

/** Any feedback is taken or refused line by line; {@code ops/fuzz feedback} looks further. */
class FeedbackFuzzTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2027-03-01T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private static Path folder;
  private static Journal journal;
  private static FeedbackIntake intake;
  private static String id;

  @BeforeAll
  static void open() throws IOException {
    GatewayMetrics metrics = GatewayMetrics.create("test", InstantSource.system());
    journal =
        SqliteJournal.open(
            Files.createDirectories(folder).resolve("journal.db"), CLOCK, metrics.journal());
    PredictionSigner signer =
        PredictionSigner.create(new SigningKeys(List.of(SigningKeys.Key.of(1, new byte[32]))));
    id =
        signer.sign(
            new PredictionId(
                new Variant("m", "1"), 1, 0.5, CLOCK.instant(), 42, new Score.Value(1)));
    intake =
        new FeedbackIntake(
            signer,
            journal,
            model -> model.equals("m") ? Optional.of(Duration.ofHours(1)) : Optional.empty(),
            metrics.feedback(),
            CLOCK);
  }

  @AfterAll
  static void close() {
    journal.close();
  }

  /** {@code ID} in the body stands for an id that was signed. */
  @FuzzTest(maxDuration = "5m")
  void feedback(byte[] body) {
    List<String> lines =
        FeedbackDoor.lines(new String(body, StandardCharsets.UTF_8).replace("ID", id)).stream()
            .map(FeedbackDoor.Line::text)
            .toList();

    List<FeedbackIntake.Taken> taken = intake.take("m", lines);

    assertThat(taken).hasSameSizeAs(lines);
    assertThat(taken)
        .allSatisfy(each ->
            assertThat(each.words().length())
                .isBetween(each.result().label().equals("accepted") ? 0 : 1, 600));
  }
}
