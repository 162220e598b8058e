package weir.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static weir.journal.JournalContract.ENTRY;
import static weir.journal.JournalContract.NOW;
import static weir.journal.JournalContract.row;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.observation.GatewayMetrics;

/** The contract on SQLite, and what only a file can do: fill up, be locked, be something else. */
class SqliteJournalTest implements JournalContract {
  private static final InstantSource CLOCK = InstantSource.fixed(NOW.plusNanos(789));

  private final GatewayMetrics metrics = GatewayMetrics.create("0.1.0", CLOCK);
  @TempDir private @Nullable Path folder;
  private @Nullable Journal journal;

  @BeforeEach
  void open() {
    journal = open(file());
  }

  @AfterEach
  void close() {
    journal().close();
    metrics.close();
  }

  @Override
  public Journal journal() {
    return requireNonNull(journal);
  }

  private Path file() {
    return file("data/weir ?.db");
  }

  private Path file(String name) {
    return requireNonNull(folder).resolve(name);
  }

  private Journal open(Path file) {
    return SqliteJournal.open(file, CLOCK, metrics.journal());
  }

  @Test
  void append_fullFile_failsWholeAndWorksAgainAfterRoomIsMade() {
    SqliteFile small = new SqliteFile(file("small.db"), 1 << 20);
    try (Journal full = SqliteJournal.open(small, Migrations.ALL, CLOCK, metrics.journal())) {
      Entry big = new Entry("big", "ada", "", "x".repeat(100_000));
      full.accept(rows(2_000));
      long revision = appendUntilFull(full, big);

      assertThat(full.read("model/a", 0)).hasSize(Math.toIntExact(revision));
      full.pruneFeedback(Instant.MAX);

      assertThat(full.append("model/a", revision, big)).isInstanceOf(Append.Appended.class);
    }
    assertThat(metrics.scrape("").body())
        .contains("weir_journal_failures_total{operation=\"append\"} 1.0");
  }

  private static long appendUntilFull(Journal journal, Entry entry) {
    for (long revision = 0; revision < 100; revision++) {
      try {
        journal.append("model/a", revision, entry);
      } catch (JournalUnavailableException e) {
        assertThat(e).hasMessageContaining("is full").hasMessageContaining("Free space");
        return revision;
      }
    }
    throw new AssertionError("the journal never became full");
  }

  @Test
  void accept_fullFile_acceptsNoRowOfTheBatch() {
    SqliteFile small = new SqliteFile(file("small.db"), 1 << 20);
    try (Journal full = SqliteJournal.open(small, Migrations.ALL, CLOCK, metrics.journal())) {
      assertThatExceptionOfType(JournalUnavailableException.class)
          .isThrownBy(() -> full.accept(rows(20_000)))
          .withMessageContaining("is full");

      assertThat(full.feedback("fraud", Instant.EPOCH, Instant.MAX)).isEmpty();
      assertThat(full.accept(rows(1))).containsExactly(FeedbackResult.ACCEPTED);
    }
  }

  private static List<FeedbackRow> rows(int count) {
    List<FeedbackRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row("prediction-" + i, NOW.plusMillis(i)));
    }
    return rows;
  }

  @Test
  void append_twoConnectionsRacing_exactlyOneWinsEachRevision()
      throws ExecutionException, InterruptedException {
    int rounds = 50;
    try (Journal other = open(file());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long revision = 0; revision < rounds; revision++) {
        long expected = revision;
        Future<Append> left = threads.submit(() -> journal().append("model/a", expected, ENTRY));
        Future<Append> right = threads.submit(() -> other.append("model/a", expected, ENTRY));
        List<Append> both = List.of(left.get(), right.get());

        assertThat(both).filteredOn(Append.Appended.class::isInstance).hasSize(1);
        assertThat(both).contains(new Append.Conflict(revision + 1));
      }
    }
    assertThat(journal().read("model/a", 0)).hasSize(rounds);
  }

  @Test
  void append_lockedFile_saysSoAndWorksAgainAfterwards() throws SQLException {
    try (Connection holder = raw(file());
        Statement statement = holder.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThatExceptionOfType(JournalUnavailableException.class)
          .isThrownBy(() -> journal().append("model/a", 0, ENTRY))
          .withMessageContaining("locked by another process for 2000 ms");
      assertThat(journal().read("model/a", 0)).isEmpty();
      statement.execute("ROLLBACK");
    }

    assertThat(journal().append("model/a", 0, ENTRY)).isInstanceOf(Append.Appended.class);
  }

  @Test
  void open_existingJournal_hasWhatWasWritten() {
    journal().append("model/a", 0, ENTRY);
    journal().close();

    journal = open(file());

    assertThat(journal().read("model/a", 0)).hasSize(1);
  }

  @Test
  void open_newerSchema_isRefused() throws SQLException {
    execute(file(), "INSERT INTO weir_schema (version, applied_at) VALUES (99, 0)");

    assertRefused(file(), "has schema 99 and this build knows 3 at most");
  }

  @Test
  void open_databaseOfSomethingElse_isRefusedAndLeftAlone() throws SQLException, IOException {
    Path foreign = file("foreign.db");
    execute(foreign, "CREATE TABLE recipe (name TEXT)");
    byte[] before = Files.readAllBytes(foreign);

    assertRefused(foreign, "is a database of something else");
    assertThat(Files.readAllBytes(foreign)).isEqualTo(before);
  }

  @Test
  void open_noDatabase_isRefused() throws IOException {
    Path text = file("text.db");
    Files.writeString(text, "# not a database\n".repeat(500));

    assertRefused(text, "is not a database");
  }

  @Test
  void open_damagedFile_isRefused() throws IOException {
    for (long revision = 0; revision < 50; revision++) {
      journal().append("model/a", revision, new Entry("t", "ada", "", "x".repeat(2_000)));
    }
    journal().close();
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      for (long page = 4; page < 12; page++) {
        channel.write(java.nio.ByteBuffer.wrap(new byte[2_000]), page * 4096);
      }
    }

    assertRefused(file(), "is damaged");
  }

  @Test
  void open_failingMigration_changesNothing() throws SQLException {
    Migrations failing =
        new Migrations(
            List.of("001-start.sql", "002-lease.sql", "003-unit-claim.sql", "broken.sql"));
    SqliteFile file = new SqliteFile(file(), SqliteJournal.BYTES_MAX);
    journal().close();

    assertThatExceptionOfType(JournalUnavailableException.class)
        .isThrownBy(() -> SqliteJournal.open(file, failing, CLOCK, metrics.journal()));

    try (Connection connection = raw(file());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (SELECT MAX(version) FROM weir_schema),"
                    + " (SELECT COUNT(*) FROM sqlite_master WHERE name = 'half')")) {
      assertThat(row.getInt(1)).isEqualTo(3);
      assertThat(row.getInt(2)).isZero();
    }
    journal = open(file());
    assertThat(journal().append("model/a", 0, ENTRY)).isInstanceOf(Append.Appended.class);
  }

  @Test
  void meters_writes_tellDurationRowsAndTime() {
    journal().append("model/a", 0, ENTRY);
    journal().accept(rows(3));

    assertThat(metrics.scrape("").body())
        .contains("weir_journal_append_duration_seconds_count 1")
        .contains("weir_journal_feedback_rows 3.0")
        .contains("weir_journal_last_write_timestamp_seconds 1.793534400123E9");
  }

  private void assertRefused(Path file, String why) {
    assertThatExceptionOfType(JournalUnavailableException.class)
        .isThrownBy(() -> open(file))
        .withMessageContaining(why);
  }

  private static void execute(Path file, String sql) throws SQLException {
    try (Connection connection = raw(file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection raw(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
  }
}
