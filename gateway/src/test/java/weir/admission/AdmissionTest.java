package weir.admission;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static weir.admission.Simulation.MILLI;
import static weir.admission.Simulation.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.admission.Entry.Place;
import weir.admission.Entry.Refusal;
import weir.admission.Simulation.Tally;

class AdmissionTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND); // wraps soon
  private final Admission admission = Admission.of(4, 12, now::get);

  private List<Place> take(String caller, int count) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      places.add((Place) admission.begin(caller));
    }
    return places;
  }

  @Test
  void begin_aloneAndFull_getsEveryPlaceAndThenNone() {
    List<Place> places = take("a", 12);

    assertThat(admission.begin("a")).isEqualTo(Refusal.FULL);
    places.forEach(admission::left);
    assertThat(admission.inFlight()).isZero();
  }

  @Test
  void begin_greedyBesideOthers_isToldOfItsShareWhileTheLightGetsIn() {
    List<Place> greedy = take("greedy", 12);
    assertThat(admission.begin("light")).isEqualTo(Refusal.FULL);

    admission.left(greedy.removeFirst());

    assertThat(admission.begin("greedy")).isEqualTo(Refusal.OVER_SHARE);
    assertThat(admission.begin("light")).isInstanceOf(Place.class);
  }

  @Test
  void begin_othersGoneForLonger_givesTheGreedyAllAgain() {
    List<Place> greedy = take("greedy", 12);
    assertThat(admission.begin("light")).isEqualTo(Refusal.FULL);
    admission.left(greedy.removeFirst());

    now.addAndGet(2 * SECOND);

    assertThat(admission.begin("greedy")).isInstanceOf(Place.class);
  }

  @Test
  void begin_equalCallersAndFull_isFullForAll() {
    for (int i = 0; i < 12; i++) {
      admission.begin("caller " + i);
    }

    assertThat(admission.begin("caller 0")).isEqualTo(Refusal.FULL);
    assertThat(admission.begin("another")).isEqualTo(Refusal.FULL);
  }

  @Test
  void begin_manyThreadsOfTwoCallers_neverPassesTheMostAndGivesAllBack() throws Exception {
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      String caller = i < 30 ? "greedy" : "light";
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int turn = 0; turn < 2_000; turn++) {
              if (admission.begin(caller) instanceof Place place) {
                most.accumulateAndGet(place.inFlight(), Math::max);
                Thread.onSpinWait();
                admission.answered(place, MILLI, MILLI);
              }
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(most.get()).isBetween(1, 12);
    assertThat(admission.inFlight()).isZero();
    assertThat(take("a", 4)).hasSize(4);
  }

  @Test
  void share_oneGreedyAndOneLight_theLightIsAnsweredAndNothingIsLost() {
    Simulation simulation = new Simulation(8, 4, 256, false, () -> 20 * MILLI);
    simulation.offer("greedy", 1_200, 30 * SECOND);
    simulation.offer("light", 20, 30 * SECOND);
    simulation.run(5 * SECOND);
    Map<String, Tally> seen = simulation.run(20 * SECOND);
    Tally light = requireNonNull(seen.get("light"));
    Tally greedy = requireNonNull(seen.get("greedy"));

    assertThat((double) light.answered / light.offered).isGreaterThan(0.95);
    assertThat(light.answered + greedy.answered).isGreaterThan((int) (0.9 * 400 * 20));
    assertThat(greedy.refused.get(Refusal.OVER_SHARE))
        .isGreaterThan(10 * greedy.refused.getOrDefault(Refusal.FULL, 0));
  }

  @Test
  void share_oneAtATime_theLightIsAnsweredBesideTheGreedy() {
    Simulation simulation = new Simulation(1, 1, 257, true, () -> 7 * MILLI);
    simulation.offer("greedy", 430, 30 * SECOND);
    simulation.offer("light", 7, 30 * SECOND);
    simulation.run(5 * SECOND);
    Map<String, Tally> seen = simulation.run(20 * SECOND);
    Tally light = requireNonNull(seen.get("light"));
    Tally greedy = requireNonNull(seen.get("greedy"));

    // Two of its own meet now and then.
    assertThat((double) light.answered / light.offered).isGreaterThan(0.9);
    assertThat(light.answered + greedy.answered).isGreaterThan((int) (0.9 * 20_000 / 7));
  }
}
