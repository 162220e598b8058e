package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final HandTime time = new HandTime();

  @Test
  void take_noRequests_givesTheFloorEachSecond() {
    RetryBudget budget = new RetryBudget(0.2, time);

    assertThat(taken(budget, 10)).isEqualTo(RetryBudget.FLOOR_PER_SECOND);
    time.passes(Duration.ofSeconds(1));
    assertThat(taken(budget, 10)).isEqualTo(RetryBudget.FLOOR_PER_SECOND);
    time.passes(Duration.ofHours(1));
    assertThat(taken(budget, 10)).isEqualTo(RetryBudget.FLOOR_PER_SECOND);
  }

  @Test
  void take_afterRequests_givesTheirShareAndTheFloor() {
    RetryBudget budget = new RetryBudget(0.2, time);

    IntStream.range(0, 100).forEach(_ -> budget.requested());

    assertThat(taken(budget, 100)).isEqualTo(20 + RetryBudget.FLOOR_PER_SECOND);
  }

  @Test
  void take_afterVeryManyRequests_givesNoStorm() {
    RetryBudget budget = new RetryBudget(1, time);

    IntStream.range(0, 100_000).forEach(_ -> budget.requested());

    assertThat(taken(budget, 1_000)).isEqualTo(100 + RetryBudget.FLOOR_PER_SECOND);
  }

  @Test
  void take_noBudget_givesNone() {
    RetryBudget budget = new RetryBudget(0, time);

    budget.requested();

    assertThat(taken(budget, 10)).isZero();
  }

  @Test
  void has_noBudget_isAlwaysSo() {
    assertThat(new RetryBudget(0, time).has()).isTrue();
  }

  @Test
  void has_allTaken_isNotUntilTimeOrRequestsGiveOne() {
    RetryBudget budget = new RetryBudget(0.2, time);
    assertThat(budget.has()).isTrue();
    taken(budget, 10);
    assertThat(budget.has()).isFalse();

    IntStream.range(0, 5).forEach(_ -> budget.requested());
    assertThat(budget.has()).isTrue();
    assertThat(taken(budget, 10)).isOne();
    assertThat(budget.has()).isFalse();

    time.passes(Duration.ofSeconds(1).dividedBy(RetryBudget.FLOOR_PER_SECOND));
    assertThat(budget.has()).isTrue();
    assertThat(taken(budget, 10)).isOne();
  }

  private static int taken(RetryBudget budget, int tries) {
    return (int) IntStream.range(0, tries).filter(_ -> budget.take()).count();
  }
}
