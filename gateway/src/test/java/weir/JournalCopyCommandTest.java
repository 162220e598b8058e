package weir;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import weir.journal.Entry;
import weir.journal.Journal;
import weir.journal.SqliteJournal;
import weir.observation.GatewayMetrics;

class JournalCopyCommandTest {
  @TempDir private @Nullable Path folder;

  private record Said(int code, String text) {}

  private static Said run(String... arguments) {
    StringWriter said = new StringWriter();
    CommandLine line = Weir.commandLine();
    line.setOut(new PrintWriter(said));
    line.setErr(new PrintWriter(said));
    return new Said(line.execute(arguments), said.toString());
  }

  private String journal(String name) {
    return "sqlite:" + requireNonNull(folder).resolve(name);
  }

  @Test
  void copy_fileToFile_saysWhatWasCopied() {
    GatewayMetrics metrics = GatewayMetrics.create("0.1.0", InstantSource.system());
    try (Journal journal =
        SqliteJournal.open(
            requireNonNull(folder).resolve("a.db"), InstantSource.system(), metrics.journal())) {
      journal.append("model/a", 0, new Entry("t", "ada", "", "{}"));
    }
    metrics.close();

    Said first = run("journal", "copy", "--from", journal("a.db"), "--to", journal("b.db"));
    Said again = run("journal", "copy", "--from", journal("a.db"), "--to", journal("b.db"));

    assertThat(first.text()).contains("1 entries, 0 checkpoints, 0 rows");
    assertThat(first.code()).isZero();
    assertThat(again.text()).contains("Name an empty one");
    assertThat(again.code()).isEqualTo(Weir.REFUSED);
  }

  @Test
  void copy_journalsThatAreNone_areRefusedWithoutTellingAPassword() {
    Said nothing = run("journal", "copy", "--from", journal("no.db"), "--to", journal("b.db"));
    Said secret =
        run("journal", "copy", "--from", "postgresql://a:geheim@db/weir", "--to", journal("b.db"));

    assertThat(nothing.code()).isEqualTo(Weir.USAGE);
    assertThat(nothing.text()).contains("no file");
    assertThat(secret.code()).isEqualTo(Weir.USAGE);
    assertThat(secret.text()).contains("without a user and a password").doesNotContain("geheim");
  }
}
