package weir.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import weir.inference.Variant;

/** A variant watched by the real parts, under the default settings, hour after hour. */
final class SimulatedWatch {
  private static final Duration WINDOW = DriftSettings.defaults().window();

  private final WatchedVariant watched;
  private Instant now = Diamonds.MADE;

  SimulatedWatch(SimulatedStream stream, Baseline baseline) {
    watched =
        new WatchedVariant(
            new WatchedVariant.Terms(
                new Variant("simulated", "1"),
                stream.signature(),
                DriftSettings.defaults(),
                baseline),
            now);
  }

  /** Serves these rows within one window, and ends it: how many signals began to be alarmed. */
  int window(SimulatedStream stream, int[] rows) {
    return window(stream, rows, 0, rows.length);
  }

  int window(SimulatedStream stream, int[] rows, int from, int until) {
    for (int i = from; i < until; i++) {
      watched.add(stream.request(rows[i]), List.of());
    }
    now = now.plus(WINDOW);
    int alarms = 0;
    for (DriftEvent event : watched.tick(now)) {
      alarms += alarmed(event.now().status()) && !alarmed(event.before()) ? 1 : 0;
    }
    return alarms;
  }

  static boolean alarmed(DriftStatus status) {
    return status == DriftStatus.WARN || status == DriftStatus.DRIFT;
  }

  WatchedVariant watched() {
    return watched;
  }

  DriftStatus status(int feature) {
    return watched.report().signals().get(feature).status();
  }

  /** The loudest signal. */
  DriftStatus status() {
    return watched.report().status();
  }
}
