package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hours of traffic, reloads and rollouts on one real process, and whether it is then as it was.
 *
 * <p>For {@code ops/soak hours N} alone; writes {@code gateway/simulation/soak.md}.
 */
@Tag("alone")
@EnabledIfSystemProperty(named = "weir.soak.minutes", matches = "[1-9][0-9]*")
class SoakTest {
  private static final long MINUTES = Long.getLong("weir.soak.minutes", 1);
  private static final int CLIENTS = 8;
  private static final Duration PAUSE = Duration.ofMillis(80);
  private static final int SAMPLES = 20;
  private static final int UNITS = 5_000;
  private static final Path REPORT = Path.of("simulation/soak.md");
  private static final String SETTINGS =
      """
      routing: {sticky: {by-header: x-user-id}, policy: {split: {"1": 50, "2": 50}}}
      drift: {baseline: {learned: 1000}, window: 1m}
      experiment: {warm-up: 100, checks: [{errors: {tolerable: 0.3}}]}
      rollout: {steps: [10, 50, 100], step-min: 5s, step-max: 10m}
      """;

  private record Sample(Duration after, ProcessFigures figures) {}

  @TempDir private Path folder;
  private final Map<Integer, Long> statuses = new HashMap<>();
  private final List<Sample> samples = new ArrayList<>();
  private int reloads;
  private int rollouts;

  @Test
  void serve_forHours_isAsItWas() throws Exception {
    Path repository = ChildGateway.repository(folder, "healthy", "healthy", "half-failing");
    long begin = System.nanoTime();
    long whole = Duration.ofMinutes(MINUTES).toNanos();
    try (ChildGateway gateway = ChildGateway.start(folder, repository, SETTINGS);
        SteadyClients load = SteadyClients.start(gateway, CLIENTS, PAUSE, UNITS, 0.25f)) {
      for (int sample = 1; sample <= SAMPLES; sample++) {
        long until = begin + whole * sample / SAMPLES;
        while (System.nanoTime() < until) {
          change(gateway, repository);
          LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
          load.take().forEach(answer -> statuses.merge(answer.status(), 1L, Long::sum));
        }
        samples.add(new Sample(Duration.ofNanos(System.nanoTime() - begin), gateway.figures()));
        Files.writeString(REPORT, report());
      }
    }
    assertThat(statuses).containsOnlyKeys(200);
    assertThat(flat(figures -> figures.heapMib(), 8)).describedAs("heap").isTrue();
    assertThat(flat(figures -> figures.rssMib(), 96)).describedAs("resident").isTrue();
    assertThat(flat(ProcessFigures::threads, 20)).describedAs("threads").isTrue();
    assertThat(flat(ProcessFigures::files, 20)).describedAs("files").isTrue();
  }

  /** Version 2 gets another file, and a rollout begins of whichever version is not stable. */
  private void change(ChildGateway gateway, Path repository) throws Exception {
    reloads++;
    ChangeUnderLoadTest.replace(repository, reloads % 2 == 1 ? "half-failing" : "healthy");
    if (started(gateway, "3") || started(gateway, "1")) {
      rollouts++;
    }
  }

  private static boolean started(ChildGateway gateway, String candidate) throws Exception {
    String body = "{\"candidate\": \"%s\", \"why\": \"soak\"}".formatted(candidate);
    return gateway.command("/rollout/start", body).statusCode() == 200;
  }

  /** The middle of the last quarter lies no more than {@code most} above that of the second. */
  private boolean flat(ToDoubleFunction<ProcessFigures> of, double most) {
    return middle(of, 3) - middle(of, 1) <= most;
  }

  private double middle(ToDoubleFunction<ProcessFigures> of, int quarter) {
    int from = samples.size() * quarter / 4;
    int to = Math.max(from + 1, samples.size() * (quarter + 1) / 4);
    double[] values =
        samples.subList(from, Math.min(to, samples.size())).stream()
            .mapToDouble(sample -> of.applyAsDouble(sample.figures()))
            .sorted()
            .toArray();
    return values[values.length / 2];
  }

  private String report() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Soak

        Written by `ops/soak hours`. One gateway process under %d clients (at most 100 requests per second of %d users), three versions, drift watched;
        every few seconds a model file is replaced, and a rollout begins when none is under way. The heap is what lives after a full collection.
        Flat means that the median of the last quarter is no more than 8 MiB of heap, 96 MiB resident, 20 threads or 20 files above that
        of the second quarter.

        This run: %d minutes planned, %d samples of %d; answers by status: %s; %d reloads, %d rollouts started.

        | | second quarter | last quarter | |
        |---|--:|--:|---|
        """
            .formatted(
                CLIENTS, UNITS, MINUTES, samples.size(), SAMPLES, statuses, reloads, rollouts));
    row(text, "live heap, MiB", ProcessFigures::heapMib, 8);
    row(text, "resident, MiB", ProcessFigures::rssMib, 96);
    row(text, "threads", ProcessFigures::threads, 20);
    row(text, "open files", ProcessFigures::files, 20);
    text.append("\n| after, s | live heap, MiB | resident, MiB | threads | open files |\n");
    text.append("|--:|--:|--:|--:|--:|\n");
    for (Sample sample : samples) {
      ProcessFigures of = sample.figures();
      text.append(
          "| %d | %.1f | %.0f | %d | %d |\n"
              .formatted(
                  sample.after().toSeconds(), of.heapMib(), of.rssMib(), of.threads(), of.files()));
    }
    return text.toString();
  }

  private void row(
      StringBuilder text, String name, ToDoubleFunction<ProcessFigures> of, double most) {
    text.append(
        "| %s | %.1f | %.1f | %s |\n"
            .formatted(name, middle(of, 1), middle(of, 3), flat(of, most) ? "flat" : "grows"));
  }
}
