package weir.observation;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * Formats each log record as one line of JSON: time, level, logger, message, then what there is of
 * fields, trace id and throwable.
 *
 * <p>Fields are a record's first parameter when it is a map. Text is escaped, so that no content
 * makes a second line, and cut: a message at 8,192 characters, a throwable at 16,384.
 */
public final class JsonLines extends Formatter {
  static final String TRACE_ID = "trace_id";

  private static final int MESSAGE_MAX = 8192;
  private static final int THROWABLE_MAX = 16_384;

  private final Supplier<String> traceId;

  /** {@code traceId} tells the trace of the logging thread, or the empty string. */
  public JsonLines(Supplier<String> traceId) {
    this.traceId = traceId;
  }

  @Override
  public String format(LogRecord record) {
    StringBuilder line = new StringBuilder(256);
    line.append("{\"time\":\"").append(record.getInstant().truncatedTo(ChronoUnit.MICROS));
    line.append("\",\"level\":\"").append(record.getLevel().getName()).append('"');
    text(line, "logger", record.getLoggerName(), MESSAGE_MAX);
    text(line, "message", formatMessage(record), MESSAGE_MAX);
    boolean traced = fields(line, record);
    String current = traced ? "" : traceId.get();
    if (!current.isEmpty()) {
      text(line, TRACE_ID, current, MESSAGE_MAX);
    }
    Throwable thrown = record.getThrown();
    if (thrown != null) {
      text(line, "throwable", stackTrace(thrown), THROWABLE_MAX);
    }
    return line.append("}\n").toString();
  }

  /** Whether the fields hold a trace id. */
  private static boolean fields(StringBuilder line, LogRecord record) {
    Object[] parameters = record.getParameters();
    if (parameters == null
        || parameters.length == 0
        || !(parameters[0] instanceof Map<?, ?> fields)) {
      return false;
    }
    fields.forEach((name, value) -> {
      if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
        line.append(",\"").append(name).append("\":").append(number);
      } else {
        text(line, String.valueOf(name), String.valueOf(value), MESSAGE_MAX);
      }
    });
    return fields.containsKey(TRACE_ID);
  }

  private static void text(StringBuilder line, String name, String value, int lengthMax) {
    line.append(",\"").append(name).append("\":\"");
    JsonStringEncoder.getInstance().quoteAsString(cut(value, lengthMax), line);
    line.append('"');
  }

  private static String cut(String value, int lengthMax) {
    return value.length() <= lengthMax ? value : value.substring(0, lengthMax) + "…";
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
