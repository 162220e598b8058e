package weir.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A tree of settings with every kind of component, for the tests of this package. */
record SampleSettings(
    Http http,
    Map<String, Model> models,
    Duration tick,
    double alpha,
    long seed,
    Optional<URI> collector,
    List<String> tags,
    Mode mode,
    Limits limits) {

  static SampleSettings defaults() {
    return new SampleSettings(
        Http.defaults(),
        Map.of(),
        Duration.ofSeconds(10),
        0.05,
        42,
        Optional.empty(),
        List.of("demo"),
        Mode.STEP_BY_STEP,
        new Limits(4, Duration.ofSeconds(1)));
  }

  enum Mode {
    STEP_BY_STEP,
    ALL_AT_ONCE
  }

  record Http(String host, int port, long maxBodyBytes, boolean compress) {
    Http {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port is from 0 to 65535, not " + port);
      }
    }

    static Http defaults() {
      return new Http("127.0.0.1", 8000, 64L << 20, true);
    }
  }

  record Model(
      Path directory,
      Policy policy,
      Stickiness stickiness,
      Optional<Long> cacheBytes,
      Set<String> groups,
      Optional<Limits> limits) {}

  /** Without defaults of its own: its keys are required where no enclosing default stands. */
  record Limits(int permits, Duration deadline) {
    Limits {
      if (permits < 1) {
        throw new IllegalArgumentException("permits is at least 1, not " + permits);
      }
    }
  }

  sealed interface Policy {
    record Fixed(String version) implements Policy {}

    record Split(Map<String, Double> weights) implements Policy {
      public Split {
        if (weights.isEmpty()) {
          throw new IllegalArgumentException("a split has at least one version");
        }
      }
    }

    record Bandit(double floor, Duration halfLife) implements Policy {
      static Bandit defaults() {
        return new Bandit(0.1, Duration.ofHours(1));
      }
    }
  }

  sealed interface Stickiness {
    record None() implements Stickiness {}

    record ByHeader(String header) implements Stickiness {}

    static Stickiness defaults() {
      return new None();
    }
  }
}
