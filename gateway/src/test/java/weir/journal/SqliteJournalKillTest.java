package weir.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.observation.GatewayMetrics;

/** A process that appends is killed without warning; what it acknowledged is there. */
class SqliteJournalKillTest {
  private static final int KILLS = 5;
  private static final String STREAM = "model/a";

  @TempDir private @Nullable Path folder;

  /** The child: appends and says each acknowledged revision, until it is killed. */
  static final class Appender {
    private Appender() {}

    public static void main(String[] args) {
      GatewayMetrics metrics = GatewayMetrics.create("0.1.0", InstantSource.system());
      Journal journal =
          SqliteJournal.open(Path.of(args[0]), InstantSource.system(), metrics.journal());
      Entry entry = new Entry("split-set", "child", "", "{}");
      long revision = journal.read(STREAM, 0).size();
      while (journal.append(STREAM, revision, entry) instanceof Append.Appended(Recorded done)) {
        revision = done.revision();
        System.out.println(revision);
      }
    }
  }

  @Test
  @Timeout(60)
  void append_killedProcesses_loseNothingAcknowledged() throws IOException, InterruptedException {
    Path file = requireNonNull(folder).resolve("weir.db");
    Random random = new Random(4);
    long acknowledged = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long last = lastAcknowledged(file, 1 + random.nextInt(100));
      assertThat(last).isGreaterThan(acknowledged);
      acknowledged = last;
    }

    GatewayMetrics metrics = GatewayMetrics.create("0.1.0", InstantSource.system());
    try (Journal journal = SqliteJournal.open(file, InstantSource.system(), metrics.journal())) {
      List<Long> revisions = journal.read(STREAM, 0).stream().map(Recorded::revision).toList();
      assertThat(revisions)
          .hasSizeGreaterThanOrEqualTo(Math.toIntExact(acknowledged))
          .isEqualTo(LongStream.rangeClosed(1, revisions.size()).boxed().toList());
    }
    metrics.close();
  }

  /** Kills a child after that many lines; the last revision that it said. */
  private static long lastAcknowledged(Path file, int lines)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Appender.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String last = "0";
    try (BufferedReader said = child.inputReader()) {
      for (int line = 0; ; line++) {
        if (line == lines) {
          child.toHandle().destroyForcibly();
        }
        String next = said.readLine();
        if (next == null) {
          break;
        }
        last = next;
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    return Long.parseLong(last);
  }
}
