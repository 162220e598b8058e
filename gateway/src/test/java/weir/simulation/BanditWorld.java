package weir.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the arms of a bandit earn.
 *
 * <p>{@code means} by arm. A reward is 0 or {@code worth}, or, where {@code normal}, spread around
 * the mean by 1. {@code swing}: the part by which all means rise and fall together, twice in a run.
 * {@code turns}: the arms swap their means, last for first, half-way. An outcome is known {@code
 * labelMinutes} after its request.
 */
record BanditWorld(
    List<Double> means,
    double worth,
    boolean normal,
    double swing,
    boolean turns,
    int labelMinutes) {
  static final int MINUTES = 120;
  private static final int LABEL_MINUTES = 10;

  BanditWorld {
    means = List.copyOf(means);
  }

  /** Rewards of 0 or 1. */
  static BanditWorld conversions(double... means) {
    return new BanditWorld(listed(means), 1, false, 0, false, LABEL_MINUTES);
  }

  /** Rewards of 0 or 3. */
  static BanditWorld sales(double... means) {
    return new BanditWorld(listed(means), 3, false, 0, false, LABEL_MINUTES);
  }

  static BanditWorld normal(double... means) {
    return new BanditWorld(listed(means), 1, true, 0, false, LABEL_MINUTES);
  }

  private static List<Double> listed(double... means) {
    return Arrays.stream(means).boxed().toList();
  }

  BanditWorld withSwing(double part) {
    return new BanditWorld(means, worth, normal, part, turns, labelMinutes);
  }

  BanditWorld withTurn() {
    return new BanditWorld(means, worth, normal, swing, true, labelMinutes);
  }

  BanditWorld withLabelsAfter(int minutes) {
    return new BanditWorld(means, worth, normal, swing, turns, minutes);
  }

  int arms() {
    return means.size();
  }

  double mean(int arm, int minute) {
    int place = turns && minute >= MINUTES / 2 ? means.size() - 1 - arm : arm;
    return means.get(place) * (1 + swing * Math.sin(4 * Math.PI * minute / MINUTES));
  }

  double best(int minute) {
    double best = mean(0, minute);
    for (int arm = 1; arm < means.size(); arm++) {
      best = Math.max(best, mean(arm, minute));
    }
    return best;
  }

  double reward(int arm, int minute, SplittableRandom random) {
    double mean = mean(arm, minute);
    if (normal) {
      return mean + random.nextGaussian();
    }
    return random.nextDouble() < mean / worth ? worth : 0;
  }
}
