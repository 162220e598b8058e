package weir.observation;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import weir.inference.Blame;

/**
 * Logs each refused request of the logger {@code weir.requests}; callers' own errors only so many
 * per minute.
 *
 * <p>The fields are the record's one parameter, a map, which {@link JsonLines} writes out. It
 * writes where the log goes, so it stands behind a {@link BufferedObserver}.
 */
public final class RequestLog implements Observer {
  private static final Logger LOG = Logger.getLogger("weir.requests");
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final LogLimit callerErrors;

  private RequestLog(int callerErrorsPerMinute, LongSupplier nanoTime) {
    this.callerErrors = new LogLimit(callerErrorsPerMinute, WINDOW, nanoTime);
  }

  /** A log of refusals; {@code nanoTime} counts like {@link System#nanoTime()}. */
  public static RequestLog create(int callerErrorsPerMinute, LongSupplier nanoTime) {
    return new RequestLog(callerErrorsPerMinute, nanoTime);
  }

  @Override
  public void observe(Observation observation) {
    switch (observation.outcome()) {
      case Outcome.Answered _ -> {}
      case Outcome.Refused refused -> {
        if (refused.blame() != Blame.CALLER) {
          write(Level.WARNING, observation, refused, 0);
        } else {
          long suppressed = callerErrors.admit();
          if (suppressed != LogLimit.SUPPRESSED) {
            write(Level.INFO, observation, refused, suppressed);
          }
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
