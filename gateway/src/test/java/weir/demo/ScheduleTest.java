package weir.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
  private static final int TURNS = 8_000;

  @Test
  void next_sameSeed_sameTurns() throws IOException {
    assertThat(turns(7)).isEqualTo(turns(7)).isNotEqualTo(turns(8));
  }

  @Test
  void next_manyTurns_arriveAtTheRate() throws IOException {
    assertThat(turnsBetween(10, 30)).isCloseTo(4_000, within(190L));
  }

  @Test
  void next_firstSeconds_arriveMoreSlowly() throws IOException {
    assertThat(turnsBetween(0, 1)).isCloseTo(38, within(19L));
    assertThat(turnsBetween(4, 5)).isCloseTo(182, within(40L));
  }

  private static long turnsBetween(int fromSecond, int toSecond) throws IOException {
    return turns(7).stream()
        .filter(turn -> turn.dueNanos() >= fromSecond * 1_000_000_000L)
        .filter(turn -> turn.dueNanos() < toSecond * 1_000_000_000L)
        .count();
  }

  @Test
  void next_shareOfRepeats_asksForRecentStonesAgain() throws IOException {
    long distinct = turns(7).stream().map(Schedule.Turn::diamond).distinct().count();

    // Some rows of the file are equal, so a few fresh stones count as repeats.
    assertThat(1 - distinct / (double) TURNS).isCloseTo(0.3, within(0.02));
  }

  @Test
  void next_users_allTakeTurnsAndSomeMoreOften() throws IOException {
    List<Schedule.Turn> turns = turns(7);

    assertThat(turns)
        .extracting(Schedule.Turn::user)
        .contains(0, 499)
        .allMatch(u -> u >= 0 && u < 500);
    long first = turns.stream().filter(turn -> turn.user() < 50).count();
    long last = turns.stream().filter(turn -> turn.user() >= 450).count();
    assertThat(first).isBetween(2 * last, 3 * last);
  }

  @Test
  void next_moreTurnsThanStones_startsAgain() {
    DemoPlan.Traffic traffic = new DemoPlan.Traffic(10, 1, 0, 1, Duration.ofSeconds(1), 7);
    Schedule schedule = new Schedule(List.of(Fixtures.STONE), traffic);

    assertThat(Stream.generate(schedule::next).limit(3))
        .extracting(Schedule.Turn::diamond)
        .containsOnly(Fixtures.STONE);
  }

  private static List<Schedule.Turn> turns(long seed) throws IOException {
    DemoPlan.Traffic traffic = new DemoPlan.Traffic(200, 500, 0.3, 8, Duration.ofSeconds(10), seed);
    Schedule schedule = new Schedule(Diamonds.read(Fixtures.REPLAY), traffic);
    return Stream.generate(schedule::next).limit(TURNS).toList();
  }
}
