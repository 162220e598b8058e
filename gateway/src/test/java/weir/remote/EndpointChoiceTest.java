package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EndpointChoiceTest {
  private final HandTime time = new HandTime();
  private final RandomGenerator random = new Random(7);
  private final AtomicInteger lastResorts = new AtomicInteger();
  private final List<Server> servers =
      Stream.of("a:1", "b:1", "c:1").map(name -> server(name)).toList();
  private final EndpointChoice choice =
      new EndpointChoice(servers, time, () -> random, lastResorts::incrementAndGet);

  private Server server(String name) {
    Server server = new Server(new ScriptedEndpoint(name), time.getAsLong());
    server.up(true);
    return server;
  }

  @Test
  void next_equalServers_drawsEachOfThem() {
    assertThat(drawn(List.of())).containsExactlyInAnyOrderElementsOf(servers);
  }

  @Test
  void next_oneMoreLoadedThanAll_neverDrawsIt() {
    servers.get(1).began();

    assertThat(drawn(List.of())).containsExactlyInAnyOrder(servers.get(0), servers.get(2));
  }

  @Test
  void next_downLeftOutOrTried_areNotDrawn() {
    servers.get(0).up(false);
    servers.get(1).eject(time.in(Duration.ofSeconds(1)));

    assertThat(drawn(List.of())).containsExactly(servers.get(2));
    assertThat(lastResorts).hasValue(0);
    time.passes(Duration.ofSeconds(1));
    assertThat(drawn(List.of(servers.get(2)))).containsExactly(servers.get(1));
  }

  @Test
  void next_noneUsable_triesTheLeastBadAndTells() {
    servers.get(0).up(false);
    servers.get(1).eject(time.in(Duration.ofSeconds(9)));
    servers.get(2).rest(time.in(Duration.ofSeconds(5)));

    assertThat(choice.next(List.of())).isEqualTo(servers.get(0));
    assertThat(choice.next(List.of(servers.get(0)))).isEqualTo(servers.get(2));
    assertThat(lastResorts).hasValue(2);
  }

  private Set<Server> drawn(List<Server> tried) {
    Set<Server> drawn = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      drawn.add(choice.next(tried));
    }
    return drawn;
  }
}
