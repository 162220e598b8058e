package weir.demo;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a demo does: whom it asks, with which stones, how fast and for how long.
 *
 * @param diamonds a gzipped CSV file of stones with their prices
 * @param wanted version to weight, on any positive scale, as the gateway is configured; kept
 *     heaviest first, and others are compared with that one
 * @param duration absent: until it is stopped
 * @param story absent: steady traffic only
 * @param addresses label to URL, shown while the demo runs
 */
public record DemoPlan(
    Target target,
    Path diamonds,
    Map<String, Double> wanted,
    Traffic traffic,
    Optional<Duration> duration,
    Optional<Story> story,
    Map<String, String> addresses) {
  public DemoPlan {
    wanted = heaviestFirst(wanted);
    addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
    double sum = 0;
    for (double weight : wanted.values()) {
      require(weight >= 0 && Double.isFinite(weight), "a weight must be 0 or more", weight);
      sum += weight;
    }
    require(wanted.isEmpty() || sum > 0, "one weight must be above 0", wanted);
    Duration length = duration.orElse(Duration.ofSeconds(1));
    require(length.isPositive(), "the duration must be longer than 0", length);
  }

  /**
   * The gateway that is asked.
   *
   * @param protocol base of the inference protocol's port, such as {@code http://127.0.0.1:8000}
   * @param management base of the management port, whose {@code /metrics} is read
   */
  public record Target(URI protocol, URI management, String model) {}

  /**
   * The load; it starts slowly and reaches its rate after 5 s. The same seed asks the same stones
   * for the same users at the same times.
   *
   * @param users how many sticky users take turns, some more often than others
   * @param repeats share of the requests that ask for a recent stone again, from 0 to 1
   * @param workers how many requests are under way at most
   * @param patience how long no answer at all may come before the demo gives up
   */
  public record Traffic(
      int requestsPerSecond, int users, double repeats, int workers, Duration patience, long seed) {
    public Traffic {
      require(
          requestsPerSecond >= 1 && requestsPerSecond <= 100_000,
          "requests per second must lie between 1 and 100,000",
          requestsPerSecond);
      require(users >= 1 && users <= 1_000_000, "users must lie between 1 and 1,000,000", users);
      require(repeats >= 0 && repeats <= 1, "the share of repeats must lie in 0..1", repeats);
      require(workers >= 1 && workers <= 1_000, "workers must lie between 1 and 1,000", workers);
      require(patience.isPositive(), "the patience must be longer than 0", patience);
    }

    public static Traffic defaults() {
      return new Traffic(400, 20_000, 0.3, 16, Duration.ofSeconds(10), 20);
    }
  }

  /**
   * What happens while the traffic runs.
   *
   * @param prologue steady traffic before the first chapter
   * @param candidates the versions that are rolled out, one after the other
   * @param largeCarat from which weight on a stone is large
   */
  public record Story(Duration prologue, List<String> candidates, double largeCarat) {
    public Story {
      candidates = List.copyOf(candidates);
      require(!prologue.isNegative(), "the prologue must not be negative", prologue);
    }

    public static Story defaults() {
      return new Story(Duration.ofSeconds(8), List.of("2", "3"), 1.5);
    }
  }

  private static Map<String, Double> heaviestFirst(Map<String, Double> weights) {
    Map<String, Double> sorted = new LinkedHashMap<>();
    weights.entrySet().stream()
        .sorted(
            Map.Entry.<String, Double>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(share -> sorted.put(share.getKey(), share.getValue()));
    return Collections.unmodifiableMap(sorted);
  }

  private static void require(boolean holds, String rule, Object seen) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", not " + seen);
    }
  }
}
