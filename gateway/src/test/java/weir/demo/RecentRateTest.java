package weir.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RecentRateTest {
  private static final long SECOND = 1_000_000_000;
  private final RecentRate rate = new RecentRate();

  @Test
  void perSecond_firstSecond_meanSoFar() {
    add(50, 0);

    assertThat(rate.perSecond(0)).isZero();
    assertThat(rate.perSecond(SECOND / 2)).isEqualTo(100);
  }

  @Test
  void perSecond_later_meanOfTheLastFourWholeSeconds() {
    add(1_000, 0);
    add(10, 1);
    add(20, 2);
    add(30, 3);
    add(40, 4);
    add(1_000, 5);

    assertThat(rate.perSecond(5 * SECOND + SECOND / 2)).isEqualTo(25);
  }

  @Test
  void perSecond_afterALongSilence_zero() {
    add(1_000, 0);

    assertThat(rate.perSecond(1_000 * SECOND)).isZero();
  }

  @Test
  void perSecond_longRun_forgetsWhatIsOld() {
    for (int second = 0; second < 12; second++) {
      add(7, second);
    }

    assertThat(rate.perSecond(12 * SECOND)).isEqualTo(7);
  }

  private void add(int events, long second) {
    for (int i = 0; i < events; i++) {
      rate.add(second * SECOND + i);
    }
  }
}
