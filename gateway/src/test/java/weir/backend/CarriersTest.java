package weir.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CarriersTest {
  private static final long KEPT = Carriers.KEPT.toNanos();

  private final List<Integer> set = new ArrayList<>();

  @Test
  void look_longCall_raisesOnceAndLowersWhenNoneWasSeenForAWhile() {
    Carriers carriers = new Carriers(2, 6, set::add);
    carriers.look(false, 0);
    assertThat(set).isEmpty();
    carriers.look(true, 1);
    carriers.look(true, 2);
    carriers.look(false, KEPT);
    assertThat(set).containsExactly(6);
    carriers.look(false, KEPT + 3);
    carriers.look(false, 2 * KEPT);
    assertThat(set).containsExactly(6, 2);
    carriers.look(true, 3 * KEPT);
    assertThat(set).containsExactly(6, 2, 6);
  }

  @Test
  void look_noMoreThanThereAre_leavesThemAlone() {
    Carriers carriers = new Carriers(8, 6, set::add);
    carriers.look(true, 0);
    carriers.look(false, 2 * KEPT);
    assertThat(set).isEmpty();
  }
}
