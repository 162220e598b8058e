package weir.demo;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan, a stone and a snapshot that several tests share. */
final class Fixtures {
  static final Path REPLAY = Path.of("..", "models", "data", "replay.csv.gz");
  static final Diamond STONE =
      new Diamond(0.64, "Ideal", "F", "VS2", 62.5, 56, 2074, 5.55, 5.53, 3.46);

  private Fixtures() {}

  static DemoPlan plan(URI gateway, DemoPlan.Traffic traffic, Optional<Duration> duration) {
    Map<String, Double> wanted = new LinkedHashMap<>();
    wanted.put("1", 90.0);
    wanted.put("2", 10.0);
    Map<String, String> addresses = new LinkedHashMap<>();
    addresses.put("ask", "http://127.0.0.1:8000/v2/models/diamond-price/infer");
    addresses.put("metrics", "http://127.0.0.1:8002/metrics");
    return new DemoPlan(
        new DemoPlan.Target(gateway, gateway, "diamond-price"),
        REPLAY,
        wanted,
        traffic,
        duration,
        Optional.empty(),
        addresses);
  }

  static DemoPlan plan() {
    return plan(
        URI.create("http://127.0.0.1:8000"),
        DemoPlan.Traffic.defaults(),
        Optional.of(Duration.ofSeconds(30)));
  }

  /** Twelve seconds in: version 2 fails now and then, and prices clearly closer. */
  static Snapshot snapshot() {
    return new Snapshot(
        Duration.ofMillis(12_400),
        new Snapshot.Totals(2_397, 3, 0, 199.75),
        new Snapshot.Users(500, 0),
        List.of(
            new Snapshot.VersionRow(
                "1",
                0.9,
                0.896,
                449,
                2_150,
                0,
                Duration.ofNanos(812_000),
                Duration.ofNanos(4_310_000),
                new Pricing(2_150, 405.3, 0.5726, 12)),
            new Snapshot.VersionRow(
                "2",
                0.1,
                0.104,
                51,
                250,
                3,
                Duration.ofNanos(1_150_000),
                Duration.ofNanos(23_800_000),
                new Pricing(247, 271.02, 0.8003, 20))),
        new CacheCounts(true, 2_400, 679, 1_718, 679),
        List.of(new Snapshot.Failure("503: version 2 is overloaded", 3)),
        "version 1: $1,987, real $2,074, 0.64 ct Ideal F VS2",
        Snapshot.Telling.NONE);
  }

  /** Before the first answer. */
  static Snapshot nothingYet() {
    return new Snapshot(
        Duration.ZERO,
        new Snapshot.Totals(0, 0, 0, 0),
        new Snapshot.Users(500, 0),
        List.of(
            new Snapshot.VersionRow(
                "1", 1, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, Pricing.NONE)),
        CacheCounts.UNREAD,
        List.of(),
        "",
        Snapshot.Telling.NONE);
  }
}
