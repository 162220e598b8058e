package weir.observation;

import java.util.List;
import java.util.Locale;

/** How a variant that computes elsewhere stands at one moment. */
public record RemoteReading(
    Breaker breaker, int connectionsActive, int connectionsIdle, List<Endpoint> endpoints) {
  /** What the breaker does with requests. */
  public enum Breaker {
    CLOSED,
    OPEN,
    HALF_OPEN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric's label. */
    public String label() {
      return label;
    }
  }

  /** One server, by host and port. */
  public record Endpoint(String name, boolean up, boolean ejected) {}

  static final RemoteReading NONE = new RemoteReading(Breaker.CLOSED, 0, 0, List.of());

  public RemoteReading {
    endpoints = List.copyOf(endpoints);
  }
}
