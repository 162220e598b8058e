package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.rollout.ControlRig.ONE;
import static weir.rollout.ControlRig.STEPS;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.journal.FleetDatabase;
import weir.journal.Journal;
import weir.journal.JournalSettings;
import weir.journal.Lease;
import weir.journal.PostgresJournal;

/** Controls of one model on one server: who moves the rollout, and what the others make of it. */
@Tag("alone")
@Timeout(60)
class FleetControlTest {
  private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(30);

  private final JournalSettings database = FleetDatabase.fresh();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goesOn = new CountDownLatch(1);
  private final ControlRig one =
      new ControlRig((clock, meters) ->
          standingStill(PostgresJournal.open(database, Map.of(), clock, meters)));
  private final ControlRig two =
      new ControlRig((clock, meters) -> PostgresJournal.open(database, Map.of(), clock, meters));

  /** The same journal, but its caller stands still before each append under a lease. */
  private Journal standingStill(Journal journal) {
    return (Journal)
        Proxy.newProxyInstance(
            Journal.class.getClassLoader(),
            new Class<?>[] {Journal.class},
            (_, method, arguments) -> {
              if (method.getName().equals("append")
                  && arguments[arguments.length - 1] instanceof Lease) {
                begun.countDown();
                goesOn.await();
              }
              try {
                return method.invoke(journal, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @AfterEach
  void close() {
    goesOn.countDown();
    one.close();
    two.close();
  }

  private static void passing(ControlRig rig) {
    rig.requests(2_000, "none").passes(STEPS.stepMin());
  }

  private void twoTakesOver() {
    long from = System.nanoTime();
    while (!two.control.standing().leading()) {
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(TAKEN_OVER_WITHIN);
      two.control.exchange();
    }
  }

  @Test
  void growth_ofALeaderThatStoodStillBeyondItsLease_isRefusedAndTheNextLeaderMoves()
      throws InterruptedException {
    one.configured(ONE).start();
    two.configured(ONE);
    passing(one);
    one.control.exchange();
    one.control.tick();
    Thread late = Thread.ofVirtual().start(one.control::exchange);
    begun.await();

    twoTakesOver();
    goesOn.countDown();
    late.join();

    assertThat(one.control.standing().leading()).isFalse();
    assertThat(one.share("2")).isEqualTo(0.2);
    assertThat(two.events()).containsExactly("configured", "rollout-started");
    passing(two);
    two.tick();
    assertThat(two.share("2")).isEqualTo(0.5);
    one.control.exchange();
    assertThat(one.route()).isEqualTo(two.route());
    assertThat(one.plan.current().generation()).isEqualTo(two.plan.current().generation());
  }

  @Test
  void growth_decidedBeforeTheLeaseWasLostAndTakenAgain_isDecidedAnew() {
    goesOn.countDown();
    one.configured(ONE).start();
    passing(one);
    one.control.exchange();
    one.control.tick();
    one.journal.lease("rollouts", one.control.standing().replica(), Duration.ZERO);

    one.control.exchange();

    assertThat(one.control.standing().leading()).isTrue();
    assertThat(one.share("2")).isEqualTo(0.2);
    one.tick();
    assertThat(one.share("2")).isEqualTo(0.5);
  }

  @Test
  void tick_ofAFollower_growsNothingAndSaysWhoDecides() {
    goesOn.countDown();
    one.configured(ONE).start();
    one.control.exchange();
    two.configured(ONE);
    passing(two);
    two.tick();

    assertThat(two.share("2")).isEqualTo(0.2);
    assertThat(two.status().words())
        .startsWith("holds until " + one.control.standing().replica() + " decides");
  }

  @Test
  void tick_failingCandidateSeenByAFollower_isTakenBackForAllAndToldOnceAsItsOwn() {
    one.configured(ONE).start();
    one.control.exchange();
    two.configured(ONE);
    two.requests(400, "2").tick();
    one.control.exchange();

    assertThat(two.policy()).isEqualTo(ONE);
    assertThat(one.route()).isEqualTo(two.route());
    assertThat(two.told).extracting(Change::own).containsExactly(true);
    assertThat(one.told).extracting(Change::own).containsExactly(true, false);
    assertThat(one.told.getLast().event()).isInstanceOf(RolloutEvent.RolledBack.class);
  }

  @Test
  void command_afterAnotherReplicasEvent_isAnsweredFromThatAndNamesIt() {
    one.configured(ONE);
    two.configured(ONE);
    one.start();

    assertThat(two.split(90, 10))
        .isInstanceOfSatisfying(
            CommandResult.Refused.class,
            lost ->
                assertThat(lost.words()).endsWith("revision 2 (rollout-started by ada) was first"));
  }

  @Test
  void promotion_recordedWhileARollbackWaited_isTakenBackFromThere() {
    goesOn.countDown();
    one.configured(ONE).start();
    one.control.exchange();
    two.configured(ONE);
    two.requests(400, "2");
    two.control.tick();
    for (int step = 0; step < 2; step++) {
      passing(one);
      one.tick();
    }
    assertThat(one.policy()).isEqualTo(new weir.routing.RoutingPolicy.Fixed("2"));

    two.control.exchange();
    one.control.exchange();

    assertThat(two.policy()).isEqualTo(ONE);
    assertThat(one.route()).isEqualTo(two.route());
    assertThat(two.events()).endsWith("rollout-promoted", "split-set");
  }
}
