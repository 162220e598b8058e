package weir.demo;

import java.time.Duration;
import java.util.List;

/** Shows snapshots to a person; used by one thread. */
sealed interface Display permits Redraw, PlainLines {
  /** Time between two snapshots. */
  Duration interval();

  void open();

  void show(Snapshot snapshot);

  void close(List<String> summary);
}
