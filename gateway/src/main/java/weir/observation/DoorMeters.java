package weir.observation;

import io.prometheus.metrics.core.metrics.Counter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** What is counted of one door's clients; a few of those cut off are told to the log. */
public final class DoorMeters {
  private static final Logger LOG = System.getLogger(DoorMeters.class.getName());
  private static final int LINES = 3;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final String door;
  private final EnumCounters<CutReason> cuts;
  private final LogLimit limit = new LogLimit(LINES, WINDOW, System::nanoTime);

  DoorMeters(Counter family, String door) {
    this.door = door;
    this.cuts =
        new EnumCounters<>(CutReason.class, reason -> family.labelValues(door, reason.label()));
  }

  /** A client at this address was cut off, or one stream of its. */
  public void cut(CutReason reason, String address) {
    cuts.increment(reason);
    long suppressed = limit.admit();
    if (suppressed != LogLimit.SUPPRESSED) {
      LOG.log(
          Level.INFO,
          "the {0} door cut off a client at {1}: {2} ({3} more since the last such line)",
          door,
          address,
          reason.label(),
          suppressed);
    }
  }
}
