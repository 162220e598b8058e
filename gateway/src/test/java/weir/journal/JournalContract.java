package weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static weir.journal.FeedbackResult.ACCEPTED;
import static weir.journal.FeedbackResult.DUPLICATE;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every journal does; an engine's test hands in its own. */
interface JournalContract {
  Instant NOW = Instant.parse("2026-11-01T12:00:00.123456Z");
  Entry ENTRY = new Entry("split-set", "ada", "try version 2", "{\"2\":5}");

  Duration MINUTE = Duration.ofMinutes(1);

  Journal journal();

  static FeedbackRow row(String prediction, Instant predictedAt) {
    return new FeedbackRow(
        prediction,
        "label",
        "fraud",
        "2",
        7,
        0.05,
        predictedAt,
        -42,
        0.93,
        "",
        Double.NaN,
        "fraud",
        NOW);
  }

  @Test
  default void append_expectedRevision_isRecordedWithNextRevisionAndPosition() {
    journal().append("model/a", 0, ENTRY);

    Append other = journal().append("model/b", 0, ENTRY);
    Append next = journal().append("model/a", 1, ENTRY);

    assertThat(other).isEqualTo(new Append.Appended(new Recorded("model/b", 1, 2, NOW, ENTRY)));
    assertThat(next).isEqualTo(new Append.Appended(new Recorded("model/a", 2, 3, NOW, ENTRY)));
    assertThat(journal().read("model/a", 1))
        .containsExactly(new Recorded("model/a", 2, 3, NOW, ENTRY));
  }

  @Test
  default void append_otherRevision_isAConflictAndAddsNothing() {
    journal().append("model/a", 0, ENTRY);

    assertThat(journal().append("model/a", 0, ENTRY)).isEqualTo(new Append.Conflict(1));
    assertThat(journal().append("model/a", 2, ENTRY)).isEqualTo(new Append.Conflict(1));
    assertThat(journal().read("model/a", 0)).hasSize(1);
  }

  @Test
  default void append_blankStream_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> journal().append(" ", 0, ENTRY));
  }

  @Test
  default void afterAndRecent_severalStreams_areInOrderAndBounded() {
    journal().append("model/a", 0, ENTRY);
    journal().append("model/b", 0, ENTRY);
    journal().append("model/a", 1, ENTRY);

    assertThat(journal().after(1, 1)).extracting(Recorded::position).containsExactly(2L);
    assertThat(journal().after(0, 9)).extracting(Recorded::position).containsExactly(1L, 2L, 3L);
    assertThat(journal().recent("", 2)).extracting(Recorded::position).containsExactly(3L, 2L);
    assertThat(journal().recent("model/a", 9))
        .extracting(Recorded::revision)
        .containsExactly(2L, 1L);
  }

  @Test
  default void checkpoint_again_replacesStateAndAddsUnits() {
    journal().checkpoint("r1", new byte[] {1}, List.of(new UnitMark(5, 1), new UnitMark(-9, 1)));
    journal().checkpoint("r2", new byte[] {9}, List.of(new UnitMark(5, 4)));

    journal().checkpoint("r1", new byte[] {2, 3}, List.of(new UnitMark(5, 2), new UnitMark(7, 3)));

    assertThat(journal().checkpoint("r1")).hasValue(new byte[] {2, 3});
    assertThat(journal().units("r1"))
        .containsExactly(new UnitMark(-9, 1), new UnitMark(5, 2), new UnitMark(7, 3));
  }

  @Test
  default void forget_key_removesItsStateAndUnitsOnly() {
    journal().checkpoint("r1", new byte[] {1}, List.of(new UnitMark(5, 1)));
    journal().checkpoint("r2", new byte[] {9}, List.of(new UnitMark(5, 4)));

    journal().forget("r1");

    assertThat(journal().checkpoint("r1")).isEmpty();
    assertThat(journal().units("r1")).isEmpty();
    assertThat(journal().units("r2")).containsExactly(new UnitMark(5, 4));
  }

  @Test
  default void claim_marks_areGrantedToTheFirstAndToHimAgain() {
    List<UnitMark> marks =
        List.of(new UnitMark(7, 0), new UnitMark(-9, 3), new UnitMark(7, 512), new UnitMark(5, 0));

    assertThat(journal().claim("r1", 11, marks.subList(0, 2))).containsExactly(true, true);

    assertThat(journal().claim("r1", 22, marks)).containsExactly(false, false, true, true);
    assertThat(journal().claim("r1", 11, marks)).containsExactly(true, true, false, false);
    assertThat(journal().claim("r2", 22, marks)).containsExactly(true, true, true, true);
    assertThat(journal().claim("r1", 11, List.of())).isEmpty();
  }

  @Test
  default void forget_key_removesItsClaimsOnly() {
    List<UnitMark> marks = List.of(new UnitMark(7, 0));
    journal().checkpoint("r1", new byte[] {1}, List.of());
    journal().claim("r1", 11, marks);
    journal().claim("r2", 11, marks);

    journal().forget("r1");

    assertThat(journal().claim("r1", 22, marks)).containsExactly(true);
    assertThat(journal().claim("r2", 22, marks)).containsExactly(false);
  }

  @Test
  default void accept_samePredictionAndKind_isADuplicateAndTheFirstStays() {
    FeedbackRow first = row("p1", NOW);
    FeedbackRow later = row("p1", NOW.plusSeconds(1));
    journal().accept(List.of(first));

    List<FeedbackResult> results = journal().accept(List.of(later, row("p2", NOW), row("p2", NOW)));

    assertThat(results).containsExactly(DUPLICATE, ACCEPTED, DUPLICATE);
    assertThat(journal().feedback("fraud", Instant.MIN, Instant.MAX))
        .containsExactly(first, row("p2", NOW));
  }

  @Test
  default void feedback_range_isOpenBelowClosedAboveAndOrdered() {
    FeedbackRow at2a = row("a", NOW.plusMillis(2));
    FeedbackRow at2b = row("b", NOW.plusMillis(2));
    FeedbackRow at3 = row("0", NOW.plusMillis(3));
    journal().accept(List.of(at3, at2b, row("e", NOW.plusMillis(1)), at2a));
    journal().accept(List.of(row("z", NOW.plusMillis(4))));

    assertThat(journal().feedback("fraud", NOW.plusMillis(1), NOW.plusMillis(3)))
        .containsExactly(at2a, at2b, at3);
    assertThat(journal().feedback("other", Instant.EPOCH, Instant.MAX)).isEmpty();
  }

  @Test
  default void pruneFeedback_manyRows_removesOlderOnly() {
    List<FeedbackRow> rows = new ArrayList<>();
    for (int i = 0; i < 4_500; i++) {
      rows.add(row("p" + i, NOW.plusMillis(i)));
    }
    journal().accept(rows);

    journal().pruneFeedback(NOW.plusMillis(4_499));

    assertThat(journal().feedback("fraud", Instant.EPOCH, Instant.MAX))
        .containsExactly(rows.getLast());
  }

  @Test
  default void checkpoints_prefix_givesThoseKeysOnly() {
    journal().checkpoint("fraud/r1", new byte[] {1}, List.of());
    journal().checkpoint("fraud/r2", new byte[] {2}, List.of(new UnitMark(5, 1)));
    journal().checkpoint("fraud_/r1", new byte[] {3}, List.of());

    assertThat(journal().checkpoints("fraud/"))
        .containsOnlyKeys("fraud/r1", "fraud/r2")
        .containsEntry("fraud/r2", new byte[] {2});
    assertThat(journal().checkpoints("")).hasSize(3);
    assertThat(journal().checkpoints("%")).isEmpty();
  }

  @Test
  default void lease_held_isRenewedByItsHolderOnly() {
    Lease first = journal().lease("leader", "a", MINUTE).orElseThrow();

    assertThat(journal().lease("leader", "b", MINUTE)).isEmpty();
    Lease renewed = journal().lease("leader", "a", MINUTE.multipliedBy(2)).orElseThrow();

    assertThat(renewed.term()).isEqualTo(first.term());
    assertThat(renewed.until()).isAfter(first.until().plusSeconds(50));
    assertThat(journal().lease("other", "b", MINUTE)).isPresent();
  }

  @Test
  default void lease_ranOut_isTakenByAnotherWithTheNextTerm() {
    Lease first = journal().lease("leader", "a", Duration.ofMillis(50)).orElseThrow();

    Lease second = taken("b");

    assertThat(second.term()).isEqualTo(first.term() + 1);
    assertThat(second.until()).isAfter(first.until().plusSeconds(50));
    assertThat(journal().lease("leader", "a", MINUTE)).isEmpty();
  }

  /** By the database's time, which passes by itself. */
  private Lease taken(String holder) {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < MINUTE.toNanos()) {
      Optional<Lease> lease = journal().lease("leader", holder, MINUTE);
      if (lease.isPresent()) {
        return lease.get();
      }
    }
    throw new AssertionError("the lease never ran out");
  }

  @Test
  default void append_underALease_isRefusedOnceAnotherTookIt() {
    Lease first = journal().lease("leader", "a", Duration.ofSeconds(30)).orElseThrow();
    assertThat(journal().append("model/a", 0, ENTRY, first)).isInstanceOf(Append.Appended.class);
    journal().lease("leader", "a", Duration.ZERO);
    Lease second = taken("b");

    assertThat(journal().append("model/a", 1, ENTRY, first))
        .isEqualTo(new Append.Fenced(second.term()));
    assertThat(journal().append("model/a", 1, ENTRY, second)).isInstanceOf(Append.Appended.class);
    assertThat(journal().append("model/a", 1, ENTRY, second)).isEqualTo(new Append.Conflict(2));
  }

  @Test
  default void append_underALeaseThatRanOut_isRefusedThoughNobodyTookIt() {
    Lease lease = journal().lease("leader", "a", Duration.ZERO).orElseThrow();

    assertThat(journal().append("model/a", 0, ENTRY, lease))
        .isEqualTo(new Append.Fenced(lease.term()));
    assertThat(journal().read("model/a", 0)).isEmpty();

    Lease again = journal().lease("leader", "a", MINUTE).orElseThrow();
    assertThat(again.term()).isEqualTo(lease.term() + 1);
    assertThat(journal().append("model/a", 0, ENTRY, lease)).isInstanceOf(Append.Fenced.class);
  }
}
