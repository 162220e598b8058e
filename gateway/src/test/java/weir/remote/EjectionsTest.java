package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import weir.remote.RemoteFailure.Kind;

class EjectionsTest {
  private static final Duration EJECT_FOR = Duration.ofSeconds(10);

  private final HandTime time = new HandTime();
  private final List<Server> servers = Stream.of("a:1", "b:1", "c:1").map(this::server).toList();
  private final Server first = servers.getFirst();
  private final Ejections ejections = ejections(servers);

  private Server server(String name) {
    return new Server(new ScriptedEndpoint(name), time.getAsLong());
  }

  private Ejections ejections(List<Server> of) {
    return new Ejections(
        ScriptedEndpoint.VARIANT,
        of,
        new ResilienceSettings(0.2, 0.9, Duration.ofSeconds(1), 5, EJECT_FOR, 256),
        time);
  }

  private void fails(Server server, Kind kind, int times) {
    for (int i = 0; i < times; i++) {
      ejections.failed(server, kind, Duration.ZERO);
    }
  }

  private Duration out(Server server) {
    return Duration.ofNanos(Math.max(0, server.leftOutFor(time.getAsLong())));
  }

  @Test
  void failed_asOftenAsAllowed_leavesTheServerOutForItsTime() {
    fails(first, Kind.FAILED, 4);
    assertThat(out(first)).isZero();

    fails(first, Kind.TIMEOUT, 1);

    assertThat(out(first)).isEqualTo(EJECT_FOR);
    time.passes(EJECT_FOR);
    assertThat(out(first)).isZero();
  }

  @Test
  void failed_withAnAnswerOrRefusalBetween_countsAnew() {
    fails(first, Kind.BROKEN, 4);
    first.succeeded();
    fails(first, Kind.INVALID, 4);
    fails(first, Kind.REFUSED, 1);
    fails(first, Kind.UNREACHABLE, 4);

    assertThat(out(first)).isZero();
  }

  @Test
  void failed_manyServers_neverLeavesOutMoreThanHalf() {
    servers.forEach(server -> fails(server, Kind.FAILED, 50));

    assertThat(servers).filteredOn(server -> !out(server).isZero()).hasSize(1);
  }

  @Test
  void failed_onlyServer_isNeverLeftOut() {
    Ejections alone = ejections(List.of(first));

    for (int i = 0; i < 50; i++) {
      alone.failed(first, Kind.FAILED, Duration.ZERO);
    }

    assertThat(out(first)).isZero();
  }

  @Test
  void failed_againAndAgain_growsUpToTenfoldAndStartsAnewAfterPeace() {
    for (int factor = 1; factor <= 12; factor++) {
      fails(first, Kind.FAILED, 5);
      assertThat(out(first)).isEqualTo(EJECT_FOR.multipliedBy(Math.min(factor, 10)));
      time.passes(out(first));
    }
    time.passes(EJECT_FOR.multipliedBy(10));

    fails(first, Kind.FAILED, 5);

    assertThat(out(first)).isEqualTo(EJECT_FOR);
  }

  @Test
  void failed_busyServer_isLeftAloneAsLongAsItAsks() {
    ejections.failed(first, Kind.BUSY, Duration.ofSeconds(3));
    fails(servers.getLast(), Kind.BUSY, 50);

    assertThat(out(first)).isEqualTo(Duration.ofSeconds(3));
    assertThat(out(servers.getLast())).isZero();
  }
}
