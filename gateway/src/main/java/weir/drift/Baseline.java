package weir.drift;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The reference distribution of a model's inputs and outputs. */
public record Baseline(String model, Instant madeAt, List<Signal> signals) {
  public Baseline {
    signals = List.copyOf(signals);
    if (model.isEmpty() || signals.isEmpty()) {
      throw new IllegalArgumentException("a baseline names a model and has at least one signal");
    }
    Set<String> names = new HashSet<>();
    Set<Place> places = new HashSet<>();
    for (Signal signal : signals) {
      if (!names.add(signal.name()) || !places.add(signal.place())) {
        throw new IllegalArgumentException(
            "each name and each place once, not twice: '" + signal.name() + "'");
      }
    }
  }
}
