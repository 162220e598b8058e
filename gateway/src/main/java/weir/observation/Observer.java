package weir.observation;

import java.util.List;

/**
 * Someone who is told what happened, on the thread of the request.
 *
 * <p>An observer returns at once and throws nothing; one that cannot promise that is wrapped in a
 * {@link BufferedObserver}.
 */
@FunctionalInterface
public interface Observer {
  void observe(Observation observation);

  /** An observer that tells each of {@code observers}, in that order. */
  static Observer all(Observer... observers) {
    List<Observer> listeners = List.of(observers);
    return observation -> {
      for (int i = 0; i < listeners.size(); i++) {
        listeners.get(i).observe(observation);
      }
    };
  }
}
