package weir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.journal.FleetDatabase;
import weir.journal.JournalSettings;

/**
 * Three replicas whose leader is killed twice during a rollout under load; a client whose request
 * fails asks the next replica. {@code ops/fleet chaos} does it fifty times, behind a balancer.
 */
@Tag("alone")
class FleetKillTest {
  private static final int REPLICAS = 3;
  private static final int KILLS = 2;
  private static final int UNITS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(150);
  private static final String SETTINGS =
      """
      routing: {sticky: {by-header: x-user-id}, policy: {fixed: "1"}}
      experiment: {warm-up: 100, checks: [{errors: {tolerable: 0.3}}]}
      rollout: {steps: [20, 30, 40, 50, 60, 70, 80, 100], step-min: 1s, step-max: 10m}
      """;

  @TempDir private Path folder;
  private final List<ChildGateway> alive = new CopyOnWriteArrayList<>();
  private final List<String> lost = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  @Test
  @Timeout(600)
  void killOfTheLeader_twiceDuringARolloutUnderLoad_losesNoStepAndNoRequest() throws Exception {
    JournalSettings journal = FleetDatabase.fresh();
    Path repository = ChildGateway.repository(folder, "healthy", "healthy");
    for (int i = 0; i < REPLICAS; i++) {
      Path own = Files.createDirectory(folder.resolve("replica-" + i));
      alive.add(ChildGateway.start(own, repository, journal, SETTINGS));
    }
    Thread client = Thread.ofPlatform().name("client").start(this::askUntilOver);
    try {
      command("/rollout/start", "{\"candidate\": \"2\"}");
      sameVariantForEveryUnit();
      for (int i = 0; i < KILLS; i++) {
        killTheLeader();
      }
      await("the promotion", PATIENCE, () -> rollout().path("state").asText().equals("promoted"));
    } finally {
      over = true;
      client.join();
      alive.forEach(ChildGateway::close);
    }
    assertThat(lost).describedAs("requests that no replica answered").isEmpty();
  }

  /** Each step once and in order, as every replica's audit trail tells. */
  private void everyStepOnce() throws Exception {
    List<JsonNode> events = new ArrayList<>();
    alive.getFirst().read("/admin/audit?max=1000&model=" + ChildGateway.MODEL).forEach(events::add);
    List<Integer> steps =
        events.reversed().stream()
            .filter(event -> event.path("event").asText().equals("rollout-stepped"))
            .map(event -> event.path("details").path("step").asInt())
            .toList();
    assertThat(steps).isEqualTo(IntStream.rangeClosed(1, steps.size()).boxed().toList());
    assertThat(events.reversed().stream().map(event -> event.path("revision").asInt()))
        .isEqualTo(IntStream.rangeClosed(1, events.size()).boxed().toList());
  }

  private void killTheLeader() throws Exception {
    await("a leader", PATIENCE, () -> leader().isPresent());
    ChildGateway leader = leader().orElseThrow();
    int step = rollout().path("step").asInt();
    leader.kill();
    alive.remove(leader);
    await("another leader", PATIENCE, () -> leader().isPresent());
    leader.gone();
    await("the next step", PATIENCE, () -> rollout().path("step").asInt() > step || over());
    everyStepOnce();
  }

  private Optional<ChildGateway> leader() throws Exception {
    for (ChildGateway each : alive) {
      if (each.read("/admin/status").path("leads").asBoolean()) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private JsonNode rollout() throws Exception {
    return alive.getFirst().model().path("rollout");
  }

  private boolean over() throws Exception {
    return rollout().path("over").asBoolean();
  }

  private void sameVariantForEveryUnit() throws Exception {
    command("/rollout/pause", "{}");
    long revision = alive.getLast().model().path("revision").asLong();
    for (ChildGateway each : alive) {
      await("the pause", PATIENCE, () -> each.model().path("revision").asLong() == revision);
    }
    for (int unit = 0; unit < UNITS; unit++) {
      List<String> given = new ArrayList<>();
      for (ChildGateway each : alive) {
        given.add(each.infer("person-" + unit, 1).version());
      }
      assertThat(given).describedAs("variants of person-" + unit).containsOnly(given.getFirst());
    }
    command("/rollout/resume", "{}");
  }

  private void command(String path, String body) throws Exception {
    assertThat(alive.getLast().command(path, body).statusCode()).isEqualTo(200);
  }

  private void askUntilOver() {
    for (int number = 0; !over; number++) {
      String unit = "unit-" + number;
      try {
        if (!answered(unit, number)) {
          lost.add(unit);
        }
      } catch (InterruptedException e) {
        lost.add(unit + ": " + e);
        return;
      }
    }
  }

  /** Whether one of the replicas answered, each asked once. */
  private boolean answered(String unit, int first) throws InterruptedException {
    List<ChildGateway> now = List.copyOf(alive);
    for (int i = 0; i < now.size(); i++) {
      if (now.get((first + i) % now.size()).infer(unit, 1).status() == 200) {
        return true;
      }
    }
    return false;
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(String what, Duration within, Condition condition) throws Exception {
    long end = System.nanoTime() + within.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).describedAs(what + " within " + within).isLessThan(end);
      LockSupport.parkNanos(20_000_000);
    }
  }
}
