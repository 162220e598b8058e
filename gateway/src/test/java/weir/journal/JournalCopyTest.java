package weir.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static weir.journal.JournalContract.ENTRY;
import static weir.journal.JournalContract.NOW;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.observation.GatewayMetrics;

/** From a file to a server and back nothing is lost, and nothing is mixed. */
@Tag("alone")
class JournalCopyTest {
  private static final int ENTRIES = 250;
  private static final int ROWS = 2_500;

  private final GatewayMetrics metrics = GatewayMetrics.create("0.1.0", InstantSource.system());
  @TempDir private @Nullable Path folder;

  @AfterEach
  void close() {
    metrics.close();
  }

  private Journal file(String name, InstantSource clock) {
    return SqliteJournal.open(requireNonNull(folder).resolve(name), clock, metrics.journal());
  }

  private void fill(Journal journal) {
    for (int i = 0; i < ENTRIES; i++) {
      journal.append("model/" + i % 3, i / 3, new Entry("t" + i, "ada", "wärum 🙂", "{}"));
    }
    journal.checkpoint("r1", new byte[] {0, -1, 2}, List.of(new UnitMark(Long.MIN_VALUE, 1)));
    journal.checkpoint("r2", new byte[0], List.of());
    journal.claim("r2", 7, List.of(new UnitMark(5, 256)));
    List<FeedbackRow> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(JournalContract.row((i % 2 == 0 ? "p" : "Ö-") + i, NOW.plusNanos(i * 1_000L)));
    }
    journal.accept(rows);
  }

  @Test
  void copy_thereAndBack_isEqual() {
    InstantSource clock = InstantSource.fixed(NOW);
    JournalSettings server = FleetDatabase.fresh();
    try (Journal first = file("first.db", clock);
        Journal fleet =
            PostgresJournal.open(server, Map.of(), InstantSource.system(), metrics.journal());
        Journal back = file("back.db", InstantSource.system())) {
      fill(first);

      assertThat(JournalCopy.copy(first, fleet)).isEqualTo(new JournalCopy(ENTRIES, 2, ROWS));
      assertThat(JournalCopy.copy(fleet, back)).isEqualTo(new JournalCopy(ENTRIES, 2, ROWS));

      for (Journal copied : List.of(fleet, back)) {
        assertThat(copied.after(0, 1_000)).isEqualTo(first.after(0, 1_000));
        assertThat(copied.checkpoint("r1")).hasValue(new byte[] {0, -1, 2});
        assertThat(copied.units("r1")).isEqualTo(first.units("r1"));
        assertThat(copied.checkpoints("")).hasSize(2);
        assertThat(copied.claim("r2", 8, List.of(new UnitMark(5, 256)))).containsExactly(false);
        assertThat(copied.feedback("fraud", Instant.MIN, Instant.MAX))
            .isEqualTo(first.feedback("fraud", Instant.MIN, Instant.MAX));
      }
      assertThat(fleet.append("model/0", 84, ENTRY)).isInstanceOf(Append.Appended.class);
    }
  }

  @Test
  void copy_targetWithAnEntry_isRefusedAndLeftAlone() {
    try (Journal first = file("first.db", InstantSource.system());
        Journal second = file("second.db", InstantSource.system())) {
      fill(first);
      second.append("model/a", 0, ENTRY);

      assertThatExceptionOfType(JournalUnavailableException.class)
          .isThrownBy(() -> JournalCopy.copy(first, second))
          .withMessageContaining("has 1 entries, 0 checkpoints and 0 rows");
      assertThat(second.after(0, 9)).hasSize(1);
    }
  }

  @Test
  void copy_textThatTheTargetCannotKeep_leavesItEmpty() {
    try (Journal first = file("first.db", InstantSource.system());
        Journal fleet =
            PostgresJournal.open(
                FleetDatabase.fresh(), Map.of(), InstantSource.system(), metrics.journal())) {
      first.append("model/a", 0, ENTRY);
      first.append("model/a", 1, new Entry("t", "ada", "\0", "{}"));

      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> JournalCopy.copy(first, fleet))
          .withMessageContaining("zero character");
      assertThat(fleet.after(0, 9)).isEmpty();
    }
  }
}
