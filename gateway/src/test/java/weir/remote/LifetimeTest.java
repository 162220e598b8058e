package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LifetimeTest {
  private final AtomicInteger ends = new AtomicInteger();
  private final Lifetime lifetime = new Lifetime(ends::incrementAndGet);

  @Test
  void close_whileUsed_refusesOthersAndEndsWithTheLastUser() {
    assertThat(lifetime.enter()).isTrue();
    lifetime.close();
    lifetime.close();

    assertThat(lifetime.enter()).isFalse();
    assertThat(ends).hasValue(0);
    lifetime.leave();

    assertThat(ends).hasValue(1);
    assertThat(lifetime.enter()).isFalse();
  }

  @Test
  void close_unused_endsAtOnce() {
    lifetime.close();

    assertThat(ends).hasValue(1);
  }
}
