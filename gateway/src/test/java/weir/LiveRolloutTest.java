package weir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A running gateway under 500 requests a second, and a candidate at 5 % that does harm.
 *
 * <p>Times are those of events: from the first failed answer (or the moment a request is overdue)
 * to the rollback's entry in the audit trail, which is made when it is in effect already. On one
 * machine the two share a clock.
 */
@Tag("alone")
@Timeout(120)
class LiveRolloutTest {
  private static final int PER_SECOND = 500;
  private static final int WARM_REQUESTS = 1_500;

  private static final String SETTINGS =
      """
      routing: {sticky: {by-header: x-user-id}, policy: {fixed: "1"}}
      serving: {deadline: 4s}
      rollout: {steps: [5, 100], step-min: 1m, step-max: 10m}
      """;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  /** What came of a rollout: every answer, and the decision that ended it. */
  private record Story(
      List<ChildGateway.Answer> answers, JsonNode end, Instant back, long startedNanos) {
    /** Failed answers of requests that began after the rollout did, by when they were answered. */
    List<ChildGateway.Answer> failed() {
      return answers.stream()
          .filter(answer -> answer.status() != 200 && answer.askedNanos() >= startedNanos)
          .sorted(Comparator.comparingLong(ChildGateway.Answer::answeredNanos))
          .toList();
    }

    long backNanos() {
      return nanosAt(back);
    }
  }

  /** The nanosecond reading of this process at that moment of the wall clock. */
  private static long nanosAt(Instant moment) {
    return System.nanoTime() - Duration.between(moment, Instant.now()).toNanos();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(String what, Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).describedAs(what).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  /**
   * Warms up, starts the rollout of version 2, and goes on until it is over and a little longer.
   */
  private Story story(String stable, String candidate, DoubleSupplier input) throws Exception {
    Path repository = ChildGateway.repository(folder, stable, candidate);
    try (ChildGateway gateway = ChildGateway.start(folder, repository, SETTINGS)) {
      OpenLoop load = OpenLoop.start(gateway, PER_SECOND, input);
      long started;
      try (load) {
        await("warm", () -> load.answers().size() > WARM_REQUESTS);
        started = System.nanoTime();
        assertThat(gateway.command("/rollout/start", "{\"candidate\": \"2\"}").statusCode())
            .isEqualTo(200);
        await("back", () -> gateway.model().path("rollout").path("over").asBoolean());
        long enough = load.sent() + PER_SECOND;
        await("a second more", () -> load.sent() > enough);
      }
      JsonNode rollout = gateway.model().path("rollout");
      assertThat(rollout.path("state").asText()).isEqualTo("rolled-back");
      await("recorded", () -> rolledBack(last(gateway)));
      JsonNode recorded = last(gateway);
      return new Story(
          load.answers(), rollout, Instant.parse(recorded.path("at").asText()), started);
    }
  }

  private static JsonNode last(ChildGateway gateway) throws Exception {
    return gateway.read("/admin/audit?max=1").path(0);
  }

  private static boolean rolledBack(JsonNode event) {
    return event.path("event").asText().equals("rollout-rolled-back");
  }

  private static void assertBack(Story story, Duration within, int failuresMax) {
    List<ChildGateway.Answer> failed = story.failed();
    Duration took = Duration.ofNanos(story.backNanos() - failed.getFirst().answeredNanos());
    System.Logger log = System.getLogger(LiveRolloutTest.class.getName());
    log.log(
        System.Logger.Level.INFO,
        "back {0} ms after the first failed answer, {1} failed: {2}",
        took.toMillis(),
        failed.size(),
        story.end().path("reason").asText());
    assertThat(story.end().path("rolled_back_because").asText()).isIn("failed", "harmful");
    assertThat(took).isLessThan(within);
    assertThat(failed).hasSizeLessThanOrEqualTo(failuresMax);
    assertThat(failed).allMatch(answer -> answer.askedNanos() <= story.backNanos());
    assertThat(failed).allMatch(answer -> answer.version().equals("2"));
  }

  @Test
  void candidate_failingAtOnce_isBackWithinTwoSecondsAndSixtyFailures() throws Exception {
    assertBack(story("healthy", "failing", () -> 0.25), Duration.ofSeconds(2), 60);
  }

  @Test
  void candidate_answeringNoNumbers_isBackWithinTwoSecondsAndSixtyFailures() throws Exception {
    assertBack(story("healthy", "invalid", () -> 0.25), Duration.ofSeconds(2), 60);
  }

  @Test
  void candidate_failingOnHalfOfTheRequests_isBackWithinFiveSeconds() throws Exception {
    Random random = new Random(5);
    Story story = story("healthy", "half-failing", random::nextDouble);

    assertBack(story, Duration.ofSeconds(5), PER_SECOND);
  }

  @Test
  void candidate_thatHangs_isBackWithinTwoSecondsAndTheStableOneGoesOn() throws Exception {
    AtomicReference<Double> input = new AtomicReference<>(1.0);
    Story story = story("healthy", "hanging", input::get);

    List<ChildGateway.Answer> ofCandidate =
        story.answers().stream()
            .filter(answer -> answer.askedNanos() >= story.startedNanos())
            .filter(answer -> answer.version().equals("2") || answer.status() != 200)
            .toList();
    long firstAsked =
        ofCandidate.stream().mapToLong(ChildGateway.Answer::askedNanos).min().orElseThrow();
    Duration sinceOverdue =
        Duration.ofNanos(story.backNanos() - firstAsked).minus(Duration.ofSeconds(1));
    System.getLogger(LiveRolloutTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "back {0} ms after the first overdue answer, {1} failed: {2}",
            sinceOverdue.toMillis(),
            story.failed().size(),
            story.end().path("reason").asText());
    assertThat(sinceOverdue).isLessThan(Duration.ofSeconds(2));
    assertThat(story.failed())
        .describedAs("failed answers are those that were in flight")
        .allMatch(answer -> answer.askedNanos() <= story.backNanos())
        .hasSizeLessThan(PER_SECOND * 5 / 100 * 6);
    assertThat(story.answers())
        .filteredOn(answer -> answer.version().equals("1"))
        .allMatch(answer -> answer.status() == 200);
    long whileItHung = story.backNanos() - firstAsked;
    assertThat(story.answers())
        .describedAs("the stable version goes on answering")
        .filteredOn(answer -> answer.version().equals("1"))
        .filteredOn(answer -> answer.answeredNanos() - firstAsked > 0)
        .filteredOn(answer -> answer.answeredNanos() < story.backNanos())
        .hasSizeGreaterThan(Math.toIntExact(Math.round(whileItHung / 1e9 * PER_SECOND / 2)));
  }

  @Test
  void outage_ofBothVariants_rollsNothingBack() throws Exception {
    AtomicReference<Double> input = new AtomicReference<>(0.25);
    Path repository = ChildGateway.repository(folder, "half-failing", "half-failing");
    try (ChildGateway gateway = ChildGateway.start(folder, repository, SETTINGS)) {
      OpenLoop load = OpenLoop.start(gateway, PER_SECOND, input::get);
      try (load) {
        await("warm", () -> load.answers().size() > WARM_REQUESTS);
        assertThat(gateway.command("/rollout/start", "{\"candidate\": \"2\"}").statusCode())
            .isEqualTo(200);
        long together = load.sent() + 3 * PER_SECOND;
        await("compared", () -> load.sent() > together);
        input.set(0.75);
        long out = load.sent() + 5 * PER_SECOND;
        await("an outage of five seconds", () -> load.sent() > out);
        input.set(0.25);
        long again = load.sent() + 2 * PER_SECOND;
        await("over", () -> load.sent() > again);
      }
      assertThat(load.answers().stream().filter(answer -> answer.status() == 502).count())
          .isGreaterThan(4 * PER_SECOND);
      assertThat(gateway.model().path("rollout").path("state").asText()).isEqualTo("stepping");
    }
  }
}
