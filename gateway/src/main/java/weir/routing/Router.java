package weir.routing;

import java.util.List;
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
  private final Supplier<? extends RandomGenerator> random;

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
      case RoutingPolicy.Split split -> {
        Share share = split.at(UnitHash.position(hash));
        double probability = share.weight() / split.total();
        yield new Assignment(share.version(), probability, generation, Because.SPLIT, hash);
      }
    };
  }

  private long unitHash(ModelRoute route, InferenceRequest request) {
    long seed = UnitHash.seed(route.salt());
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
