package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.common.concurrency.limits.LimitAlgorithm.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import weir.remote.ConcurrencyLimit.End;

class ConcurrencyLimitTest {
  private final ConcurrencyLimit limit = new ConcurrencyLimit(32);

  private List<Token> fill() {
    List<Token> held = new ArrayList<>();
    Optional<Token> next = limit.begin();
    while (next.isPresent()) {
      held.add(next.get());
      next = limit.begin();
    }
    return held;
  }

  private void all(List<Token> held, End end) {
    held.forEach(token -> limit.end(token, end));
  }

  @Test
  void begin_atFirst_givesTheWholeMaximumAndNoMore() {
    List<Token> held = fill();

    assertThat(held).hasSize(32);
    assertThat(limit.inFlight()).isEqualTo(32);
    assertThat(limit.now()).isEqualTo(32);
    all(held, End.OTHER);
    assertThat(limit.inFlight()).isZero();
    assertThat(limit.now()).isEqualTo(32);
  }

  @Test
  void begin_afterOverload_givesLessButSome() {
    for (int i = 0; i < 5; i++) {
      all(fill(), End.OVERLOADED);
    }

    assertThat(fill()).hasSize(4);
  }

  @Test
  void begin_afterRecovery_givesTheMaximumAgain() {
    all(fill(), End.OVERLOADED);
    for (int i = 0; i < 5; i++) {
      all(fill(), End.ANSWERED);
    }

    assertThat(fill()).hasSize(32);
  }
}
