package weir.observation;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import weir.inference.Blame;
import weir.inference.Reason;

/**
 * Logs refused requests to the logger {@code weir.requests}, of each reason so many per minute.
 *
 * <p>The fields are the record's one parameter, a map, which {@link JsonLines} writes out. It
 * writes where the log goes, so it stands behind a {@link BufferedObserver}.
 */
public final class RequestLog implements Observer {
  private static final Logger LOG = Logger.getLogger("weir.requests");
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final Map<Reason, LogLimit> limits = new EnumMap<>(Reason.class);

  private RequestLog(int linesPerMinute, LongSupplier nanoTime) {
    for (Reason reason : Reason.values()) {
      limits.put(reason, new LogLimit(linesPerMinute, WINDOW, nanoTime));
    }
  }

  /** A log of refusals; {@code nanoTime} counts like {@link System#nanoTime()}. */
  public static RequestLog create(int linesPerMinute, LongSupplier nanoTime) {
    return new RequestLog(linesPerMinute, nanoTime);
  }

  @Override
  public void observe(Observation observation) {
    switch (observation.outcome()) {
      case Outcome.Answered _ -> {}
      case Outcome.Refused refused -> {
        long suppressed = Objects.requireNonNull(limits.get(refused.reason())).admit();
        if (suppressed != LogLimit.SUPPRESSED) {
          Level level = refused.blame() == Blame.CALLER ? Level.INFO : Level.WARNING;
          write(level, observation, refused, suppressed);
        }
      }
    }
  }

  private static void write(
      Level level, Observation observation, Outcome.Refused refused, long suppressed) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", observation.variant().model());
    fields.put("variant", observation.variant().version());
    fields.put("reason", refused.reason().label());
    fields.put("seconds", observation.totalNanos() / 1e9);
    fields.put("because", observation.assignment().because().label());
    if (!observation.traceId().isEmpty()) {
      fields.put(JsonLines.TRACE_ID, observation.traceId());
    }
    if (suppressed > 0) {
      fields.put("suppressed", suppressed);
    }
    LogRecord line = new LogRecord(level, "request refused");
    line.setLoggerName(LOG.getName());
    line.setParameters(new Object[] {fields});
    LOG.log(line);
  }
}
