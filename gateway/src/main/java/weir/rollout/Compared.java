package weir.rollout;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import weir.experiment.Experiment;
import weir.observation.ComparisonObserver;
import weir.observation.Observation;
import weir.routing.Assignment;

/**
 * The experiments of one model that its requests are evidence for, and the share of requests that
 * they measure. Any thread.
 *
 * <p>One experiment's token is its own; of several, as a bandit has, each gave one, and they are
 * kept here while the request lives. Beyond the most that are kept a request is not followed.
 */
final class Compared {
  private static final int FLIGHTS_MAX = 8_192;
  private static final long UNTRACKED = 0;

  private final List<Experiment> experiments;
  private final double measuredShare;
  private final Map<Long, long[]> flights = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  Compared(List<Experiment> experiments, double measuredShare) {
    this.experiments = List.copyOf(experiments);
    this.measuredShare = measuredShare;
  }

  boolean is(List<Experiment> others, double share) {
    return experiments.equals(others) && measuredShare == share;
  }

  double measuredShare() {
    return measuredShare;
  }

  long began(Assignment assignment, ComparisonObserver.Footing footing) {
    if (experiments.size() == 1) {
      return experiments.getFirst().began(assignment, footing);
    }
    if (flights.size() >= FLIGHTS_MAX) {
      return UNTRACKED;
    }
    long number = numbers.incrementAndGet();
    flights.put(
        number,
        experiments.stream()
            .mapToLong(experiment -> experiment.began(assignment, footing))
            .toArray());
    return number;
  }

  void ended(long token, Observation observation) {
    if (experiments.size() == 1) {
      experiments.getFirst().ended(token, observation);
      return;
    }
    long[] tokens = flights.remove(token);
    for (int i = 0; i < experiments.size(); i++) {
      experiments.get(i).ended(tokens == null ? UNTRACKED : tokens[i], observation);
    }
  }
}
