package weir.experiment;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import weir.routing.BanditTerms;
import weir.routing.Share;
import weir.stats.Moments;
import weir.stats.ThompsonSampling;
import weir.stats.ThompsonSampling.BetaPosterior;
import weir.stats.ThompsonSampling.NormalPosterior;
import weir.stats.ThompsonSampling.Posterior;

/**
 * What a bandit's arms earned, and the shares that follow by Thompson sampling.
 *
 * <p>Outcomes are kept by the hour of their prediction, so that old ones can be left out. While all
 * are 0 or 1 an arm's mean has a Beta posterior, else a normal one. Only outcomes of drawn requests
 * count: what was pinned or matched says as much of its callers as of the version. Not thread-safe.
 */
public final class BanditEvidence {
  /** When no share would change by more than this part of itself, all stay: a plan for nothing. */
  private static final double MOVE_MIN = 0.02;

  private final BanditTerms terms;
  private final ThompsonSampling sampling;
  private final TreeMap<Instant, Map<String, Moments>> hours = new TreeMap<>();
  private boolean shares01 = true;

  public BanditEvidence(BanditTerms terms) {
    this.terms = terms;
    this.sampling = new ThompsonSampling(terms.floor(), terms.outcomesMin());
  }

  /** Counts an outcome that is older than the label window. */
  public void add(FeedbackOutcome outcome, Instant predictedAt) {
    double value = Outcomes.value(terms.goal(), outcome);
    if (!Double.isFinite(value) || outcome.probability() >= 1) {
      return;
    }
    shares01 &= value == 0 || value == 1;
    hours
        .computeIfAbsent(predictedAt.truncatedTo(ChronoUnit.HOURS), _ -> new HashMap<>())
        .merge(outcome.version(), Moments.NONE.with(value), Moments::plus);
  }

  /** Leaves out what is older than the bandit's memory. */
  public void forget(Instant now) {
    hours.headMap(now.minus(terms.memory()).minus(Duration.ofHours(1))).clear();
  }

  /**
   * The next shares, when they differ enough from {@code before}. An arm without a share was taken
   * out, and stays out.
   */
  public Optional<List<Share>> next(List<Share> before) {
    List<Share> live = before.stream().filter(share -> share.weight() > 0).toList();
    if (live.size() < 2) {
      return Optional.empty();
    }
    double total = live.stream().mapToDouble(Share::weight).sum();
    double[] now = live.stream().mapToDouble(share -> share.weight() / total).toArray();
    double[] next =
        sampling.shares(live.stream().map(share -> posterior(share.version())).toList(), now);
    double most = 0;
    Map<String, Double> weights = new HashMap<>();
    for (int i = 0; i < next.length; i++) {
      most = Math.max(most, Math.abs(next[i] - now[i]) / now[i]);
      weights.put(live.get(i).version(), next[i]);
    }
    return most < MOVE_MIN
        ? Optional.empty()
        : Optional.of(
            before.stream()
                .map(
                    share -> new Share(share.version(), weights.getOrDefault(share.version(), 0.0)))
                .toList());
  }

  private Posterior posterior(String arm) {
    Moments moments = of(arm);
    if (!shares01) {
      return new NormalPosterior(moments);
    }
    long successes = Math.round(moments.mean() * moments.count());
    return new BetaPosterior(successes, moments.count() - successes);
  }

  private Moments of(String arm) {
    Moments all = Moments.NONE;
    for (Map<String, Moments> hour : hours.values()) {
      all = all.plus(hour.getOrDefault(arm, Moments.NONE));
    }
    return all;
  }

  /** What each arm has, in words. */
  public String words(List<Share> shares) {
    List<String> arms = new ArrayList<>();
    double total = shares.stream().mapToDouble(Share::weight).sum();
    for (Share share : shares) {
      Moments moments = of(share.version());
      double mean = terms.goal() == BanditTerms.Goal.COST ? -moments.mean() : moments.mean();
      arms.add(
          String.format(
              Locale.ROOT,
              "version %s %.1f %% (%s)",
              share.version(),
              100 * share.weight() / total,
              moments.count() == 0
                  ? "no outcomes"
                  : "mean %s of %s".formatted(Words.number(mean), Words.count(moments.count()))));
    }
    return "%s: %s"
        .formatted(terms.goal().name().toLowerCase(Locale.ROOT), String.join(", ", arms));
  }
}
