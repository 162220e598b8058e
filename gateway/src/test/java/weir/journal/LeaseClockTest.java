package weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.observation.GatewayMetrics;

/**
 * A lease on a machine whose clock is set by an hour. To set the clock back is to move the lease's
 * end ahead, and the other way round.
 */
class LeaseClockTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TIME = Duration.ofMinutes(1);
  private static final Entry ENTRY = JournalContract.ENTRY;

  private final GatewayMetrics metrics = GatewayMetrics.create("test", InstantSource.system());

  @TempDir private Path folder;
  private Journal journal;

  @BeforeEach
  void open() {
    journal =
        SqliteJournal.open(folder.resolve("journal.db"), InstantSource.system(), metrics.journal());
  }

  @AfterEach
  void close() {
    journal.close();
    metrics.close();
  }

  private void setClock(Duration by) throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
        PreparedStatement update =
            other.prepareStatement("UPDATE lease SET ends_at = ends_at - ?")) {
      update.setLong(1, by.toMillis() * 1_000);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  private Lease lease(String holder) {
    return journal.lease("leader", holder, TIME).orElseThrow();
  }

  @Test
  void clockSetBackAnHour_holderIsGone_anotherTakesTheLeaseAtOnce() throws Exception {
    Lease gone = lease("a");
    setClock(HOUR.negated());

    assertThat(journal.holder("leader", TIME)).isEmpty();
    assertThat(lease("b").term()).isEqualTo(gone.term() + 1);
    assertThat(journal.append("model/a", 0, ENTRY, gone))
        .isEqualTo(new Append.Fenced(gone.term() + 1));
  }

  @Test
  void clockSetBackAnHour_holderLives_itRenewsAndNobodyElseGetsIt() throws Exception {
    Lease before = lease("a");
    setClock(HOUR.negated());

    Lease renewed = lease("a");
    assertThat(renewed.term()).isEqualTo(before.term());
    assertThat(journal.lease("leader", "b", TIME)).isEmpty();
    assertThat(journal.holder("leader", TIME)).contains(renewed);
    assertThat(journal.append("model/a", 0, ENTRY, before)).isInstanceOf(Append.Appended.class);
  }

  @Test
  void clockSetAheadAnHour_leaseRanOut_oneOfTwoWritesOn() throws Exception {
    Lease first = lease("a");
    setClock(HOUR);

    assertThat(journal.append("model/a", 0, ENTRY, first)).isInstanceOf(Append.Fenced.class);
    Lease second = lease("b");
    assertThat(journal.lease("leader", "a", TIME)).isEmpty();
    assertThat(journal.append("model/a", 0, ENTRY, first))
        .isEqualTo(new Append.Fenced(second.term()));
    assertThat(journal.append("model/a", 0, ENTRY, second)).isInstanceOf(Append.Appended.class);
  }

  @Test
  void clockSetAheadAndRightAgain_leaseOfThatHour_isNotWaitedFor() throws Exception {
    lease("a");
    setClock(HOUR);
    Lease ahead = lease("b");
    setClock(HOUR.negated());

    Lease now = lease("a");
    assertThat(now.term()).isEqualTo(ahead.term() + 1);
    assertThat(journal.append("model/a", 0, ENTRY, ahead)).isInstanceOf(Append.Fenced.class);
  }

  @Test
  void clockSetBackALittle_lease_isHeldAsBefore() throws Exception {
    Lease held = lease("a");
    setClock(Duration.ofSeconds(-5));

    assertThat(journal.lease("leader", "b", TIME)).isEmpty();
    assertThat(journal.append("model/a", 0, ENTRY, held)).isInstanceOf(Append.Appended.class);
  }
}
