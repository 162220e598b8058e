package weir.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CarriersTest {
  private static final long KEPT = Carriers.KEPT.toNanos();

  private final List<Integer> set = new ArrayList<>();

  @Test
  void look_allHeldTwice_raisesOnceAndLowersWhenTheyWereNotForAWhile() {
    Carriers carriers = new Carriers(2, 6, set::add);
    carriers.look(2, 1);
    carriers.look(3, 2);
    carriers.look(2, 3);
    carriers.look(1, KEPT + 3);
    assertThat(set).containsExactly(6);
    carriers.look(1, KEPT + 4);
    carriers.look(0, 2 * KEPT);
    assertThat(set).containsExactly(6, 2);
    carriers.look(2, 3 * KEPT);
    carriers.look(2, 3 * KEPT + 1);
    assertThat(set).containsExactly(6, 2, 6);
  }

  @Test
  void look_allHeldNowAndThenOrOneAlways_leavesThemAlone() {
    Carriers carriers = new Carriers(2, 6, set::add);
    carriers.look(2, 1);
    carriers.look(1, 2);
    carriers.look(2, 3);
    carriers.look(1, 4);
    carriers.look(1, 5);
    assertThat(set).isEmpty();
  }

  @Test
  void look_noMoreThanThereAre_leavesThemAlone() {
    Carriers carriers = new Carriers(8, 6, set::add);
    carriers.look(8, 0);
    carriers.look(8, 1);
    carriers.look(0, 2 * KEPT);
    assertThat(set).isEmpty();
  }
}
