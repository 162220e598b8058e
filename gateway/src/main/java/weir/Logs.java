package weir;

import java.util.List;
import java.util.function.Supplier;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import weir.observation.JsonLines;

/** Where the process's log goes: one JSON object a line, on standard error. */
final class Logs {
  /** Loggers are held, because the logging library keeps them by weak reference. */
  private static final Logger ROOT = Logger.getLogger("");

  /** Libraries that tell more of themselves than an operator asks for. */
  private static final List<Logger> TALKATIVE =
      List.of(
          Logger.getLogger("io.helidon"),
          Logger.getLogger("io.grpc"),
          Logger.getLogger("com.zaxxer.hikari"));

  private static volatile Supplier<String> currentTraceId = () -> "";

  private Logs() {}

  private static String traceId() {
    return currentTraceId.get();
  }

  /** From now on each line carries the trace of the request that it is about. */
  static void tellTraces(Supplier<String> traceId) {
    currentTraceId = traceId;
  }

  static void toStandardError(Level least) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    Handler handler = new ConsoleHandler();
    handler.setFormatter(new JsonLines(Logs::traceId));
    handler.setLevel(least);
    ROOT.addHandler(handler);
    ROOT.setLevel(least);
    TALKATIVE.forEach(logger -> logger.setLevel(Level.WARNING));
  }
}
