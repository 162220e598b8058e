package weir.routing;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import weir.inference.InferenceRequest;
import weir.inference.Tensor;

/**
 * Gives each request its version: a pin first, then the match rules in order, then the policy.
 *
 * <p>Pure but for the random key of a request without a sticky value. Any number of threads may
 * share one router when the supplier gives each a generator it may use, as {@code
 * ThreadLocalRandom::current} does.
 */
public final class Router {
  private static final int SEEDS_KEPT = 64;

  private record Seed(String salt, long value) {}

  private final Supplier<? extends RandomGenerator> random;
  private final AtomicReferenceArray<Seed> seeds = new AtomicReferenceArray<>(SEEDS_KEPT);

  public Router(Supplier<? extends RandomGenerator> random) {
    this.random = random;
  }

  /** The assignment of one request; {@code route} is that of the request's model. */
  public Assignment assign(ModelRoute route, InferenceRequest request) {
    long generation = route.generation();
    long hash = unitHash(route, request);
    if (request.pinned()) {
      return new Assignment(request.version(), 1, generation, Because.PINNED, hash);
    }
    List<MatchRule> rules = route.matches();
    for (int i = 0; i < rules.size(); i++) {
      if (matches(rules.get(i), route.stickiness(), request)) {
        return new Assignment(rules.get(i).version(), 1, generation, Because.MATCHED, hash);
      }
    }
    return switch (route.policy()) {
      case RoutingPolicy.Fixed fixed ->
          new Assignment(fixed.version(), 1, generation, Because.FIXED, hash);
      case RoutingPolicy.Divided divided -> {
        Share share = divided.at(UnitHash.position(hash));
        double probability = share.weight() / divided.total();
        Because because = divided instanceof RoutingPolicy.Bandit ? Because.BANDIT : Because.SPLIT;
        yield new Assignment(share.version(), probability, generation, because, hash);
      }
    };
  }

  private long unitHash(ModelRoute route, InferenceRequest request) {
    long seed = seed(route.salt());
    switch (route.stickiness()) {
      case Stickiness.None _ -> {}
      case Stickiness.ByHeader sticky -> {
        String unit = request.headers().first(sticky.header());
        if (!unit.isEmpty()) {
          return UnitHash.of(seed, unit);
        }
      }
      case Stickiness.ByInput sticky -> {
        int index = FirstElement.indexOf(request, sticky.input());
        if (index >= 0) {
          Tensor input = request.inputs().get(index);
          return UnitHash.of(
              seed, input.data(), FirstElement.offset(input), FirstElement.length(input));
        }
      }
    }
    return UnitHash.of(seed, random.get().nextLong());
  }

  /** That of the salt, computed again only when another took its place. */
  private long seed(String salt) {
    int place = salt.hashCode() & (SEEDS_KEPT - 1);
    Seed kept = seeds.getAcquire(place);
    if (kept == null || !kept.salt().equals(salt)) {
      kept = new Seed(salt, UnitHash.seed(salt));
      seeds.setRelease(place, kept);
    }
    return kept.value();
  }

  private static boolean matches(MatchRule rule, Stickiness stickiness, InferenceRequest request) {
    return switch (rule) {
      case MatchRule.HeaderIn in -> in.values().contains(request.headers().first(in.header()));
      case MatchRule.UnitIn in -> in.units().contains(unitText(stickiness, request));
    };
  }

  /** The sticky value's text, empty when there is none. */
  private static String unitText(Stickiness stickiness, InferenceRequest request) {
    return switch (stickiness) {
      case Stickiness.None _ -> "";
      case Stickiness.ByHeader sticky -> request.headers().first(sticky.header());
      case Stickiness.ByInput sticky -> {
        int index = FirstElement.indexOf(request, sticky.input());
        yield index < 0 ? "" : FirstElement.text(request.inputs().get(index));
      }
    };
  }
}
