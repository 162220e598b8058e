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

  private static int taken(RetryBudget budget, int tries) {
    return (int) IntStream.range(0, tries).filter(_ -> budget.take()).count();
  }
}
