package weir.demo;

import java.util.List;

/**
 * How a demo ended.
 *
 * @param unsent requests that were due but not sent, because no worker was free in time
 * @param gatewayLost whether it gave up, because the gateway did not answer any more
 * @param lines the printed summary
 */
public record DemoSummary(
    long answered, long failed, long unsent, boolean gatewayLost, List<String> lines) {
  public DemoSummary {
    lines = List.copyOf(lines);
  }

  /** Whether the gateway was there, answered, and failed no request. */
  public boolean succeeded() {
    return answered > 0 && failed == 0 && !gatewayLost;
  }
}
