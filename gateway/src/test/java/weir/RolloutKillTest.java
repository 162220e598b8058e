package weir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gateways that are killed at random moments while people steer rollouts: what was acknowledged is
 * there afterwards, and the plan and each unit's variant are as before.
 *
 * <p>Three kills here; {@code ops/soak kill} does fifty ({@code -Dweir.kills=50}). A kill may hit a
 * revision whose plan nobody had looked at; then there are a few more.
 */
@Tag("alone")
class RolloutKillTest {
  private static final int KILLS = Integer.getInteger("weir.kills", 3);
  private static final int FRUITLESS_MAX = 4 * KILLS;
  private static final int UNITS = 20;
  private static final int PER_SECOND = 100;
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SETTINGS =
      """
      routing: {sticky: {by-header: x-user-id}, policy: {fixed: "1"}}
      experiment: {warm-up: 100, checks: [{errors: {tolerable: 0.3}}]}
      rollout: {steps: [10, 30, 60, 100], step-min: 0s, step-max: 10m}
      """;

  /** What a revision of the model means to callers; variants by unit, as far as asked. */
  private record Seen(JsonNode policy, JsonNode rollout, Map<String, String> variants) {
    static Seen of(JsonNode model) {
      return new Seen(model.path("policy"), model.path("rollout"), new HashMap<>());
    }
  }

  @TempDir private Path folder;
  private final Random random = new Random(50);
  private final Map<Long, Seen> seen = new TreeMap<>();
  private final Set<String> unchecked = new HashSet<>();
  private long acknowledgedRevision;
  private int acknowledged;
  private int plansCompared;
  private int unitsCompared;

  @Test
  void kill_duringRolloutsAndAdminWrites_losesNothingAcknowledged() throws Exception {
    Path repository = ChildGateway.repository(folder, "healthy", "healthy", "healthy");
    int kills = 0;
    while (true) {
      ChildGateway gateway = ChildGateway.start(folder, repository, SETTINGS);
      check(gateway);
      if (kills >= KILLS && (unitsCompared > 0 || kills >= FRUITLESS_MAX)) {
        gateway.close();
        break;
      }
      kills++;
      try (OpenLoop _ = OpenLoop.start(gateway, PER_SECOND, () -> 1)) {
        steerUntilItIsGone(gateway);
        gateway.gone();
      }
    }
    System.getLogger(RolloutKillTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "{0} kills, {1} acknowledged writes, revision {2}, {3} plans and {4} units compared",
            kills,
            acknowledged,
            acknowledgedRevision,
            plansCompared,
            unitsCompared);
    assertThat(acknowledged).isGreaterThan(kills);
    assertThat(plansCompared).isPositive();
    assertThat(unitsCompared).isPositive();
  }

  /** Kills after some acknowledged writes more, at any moment of the ones that follow. */
  private Runnable killer(ChildGateway gateway) {
    int writes = acknowledged + 1 + random.nextInt(8);
    Duration later = Duration.ofMillis(random.nextInt(150));
    Thread killer =
        Thread.ofPlatform()
            .unstarted(() -> {
              LockSupport.parkNanos(later.toNanos());
              gateway.kill();
            });
    return () -> {
      if (acknowledged >= writes && killer.getState() == Thread.State.NEW) {
        killer.start();
      }
    };
  }

  /** One person who gives a command after the other, and looks at what it led to. */
  private void steerUntilItIsGone(ChildGateway gateway) throws InterruptedException {
    Runnable killer = killer(gateway);
    try {
      while (true) {
        JsonNode model = gateway.model();
        known(model);
        String why = "write " + acknowledged + " after " + model.path("revision");
        HttpResponse<String> answer = give(gateway, model, why);
        if (answer.statusCode() == 200) {
          JsonNode done = JSON.readTree(answer.body());
          if (!done.path("words").asText().equals("is paused already")) {
            unchecked.add(why);
          }
          acknowledged++;
          acknowledgedRevision = Math.max(acknowledgedRevision, done.path("revision").asLong());
        }
        killer.run();
        look(gateway);
      }
    } catch (IOException e) {
      // The gateway is gone; what it said until then is what counts.
    }
  }

  private HttpResponse<String> give(ChildGateway gateway, JsonNode model, String why)
      throws IOException, InterruptedException {
    JsonNode rollout = model.path("rollout");
    if (rollout.isMissingNode() || rollout.path("over").asBoolean()) {
      int two = 1 + random.nextInt(98);
      return random.nextBoolean()
          ? gateway.command(
              "/split",
              "{\"weights\": {\"1\": %d, \"2\": %d}, \"why\": \"%s\"}"
                  .formatted(100 - two, two, why))
          : gateway.command(
              "/rollout/start",
              "{\"candidate\": \"%d\", \"why\": \"%s\"}".formatted(1 + random.nextInt(3), why));
    }
    String command =
        List.of("pause", "resume", "advance", "advance", "abort").get(random.nextInt(5));
    return gateway.command("/rollout/" + command, "{\"why\": \"%s\"}".formatted(why));
  }

  /** Remembers what the revision in effect means; a revision always means the same. */
  private void look(ChildGateway gateway) throws IOException, InterruptedException {
    JsonNode before = gateway.model();
    Seen known = known(before);
    Map<String, String> asked = new HashMap<>();
    for (int unit = 0; unit < UNITS; unit++) {
      ChildGateway.Answer answer = gateway.infer("person-" + unit, 1);
      if (answer.status() != 200) {
        throw new IOException(answer.words());
      }
      (moves(before) ? asked : known.variants())
          .merge("person-" + unit, answer.version(), RolloutKillTest::same);
    }
    JsonNode after = gateway.model();
    if (before.path("revision").equals(after.path("revision"))) {
      asked.forEach(
          (unit, version) -> known.variants().merge(unit, version, RolloutKillTest::same));
    }
  }

  private Seen known(JsonNode model) {
    Seen known = seen.computeIfAbsent(model.path("revision").asLong(), _ -> Seen.of(model));
    assertThat(model.path("policy")).isEqualTo(known.policy());
    assertThat(model.path("rollout")).isEqualTo(known.rollout());
    return known;
  }

  /** Whether the evidence may change the revision between two questions. */
  private static boolean moves(JsonNode model) {
    JsonNode rollout = model.path("rollout");
    return !rollout.isMissingNode()
        && !rollout.path("over").asBoolean()
        && !rollout.path("state").asText().equals("paused");
  }

  private static String same(String before, String now) {
    assertThat(now).describedAs("the variant of a unit").isEqualTo(before);
    return now;
  }

  private void check(ChildGateway gateway) throws IOException, InterruptedException {
    JsonNode model = gateway.model();
    long revision = model.path("revision").asLong();
    assertThat(revision)
        .describedAs("the revision after a restart")
        .isGreaterThanOrEqualTo(acknowledgedRevision);
    Set<String> whys = new HashSet<>();
    gateway
        .read("/admin/audit?max=1000&model=" + ChildGateway.MODEL)
        .forEach(entry -> whys.add(entry.path("why").asText()));
    assertThat(whys).containsAll(unchecked);
    unchecked.clear();
    Seen before = seen.get(revision);
    plansCompared += before == null ? 0 : 1;
    unitsCompared += before == null ? 0 : before.variants().size();
    look(gateway);
  }
}
