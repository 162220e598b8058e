package weir.routing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The routing of one model as configured.
 *
 * <pre>
 *   policy: {split: {"1": 90, "2": 10}}      # or {fixed: "1"}; absent: the default version
 *   sticky: {by-header: x-user-id}           # or {by-input: customer}, or none
 *   match:
 *     - {header: x-team, in: [pricing], version: "2"}
 *     - {unit-in: [ann, bob], version: "2"}
 *   salt: spring-2027                        # absent: the model's name
 *   shadows:                                 # versions that get copies and answer no one
 *     - {version: "3", share: 0.1}           # share absent: 1; noise-floor: true asks the stable
 *                                            # version twice
 * </pre>
 */
public record RoutingSettings(
    Optional<Policy> policy,
    Stickiness sticky,
    List<Match> match,
    Optional<String> salt,
    List<Copies> shadows) {
  public RoutingSettings {
    match = List.copyOf(match);
    shadows = List.copyOf(shadows);
    if (shadows.stream().map(Copies::version).distinct().count() < shadows.size()) {
      throw new IllegalArgumentException("shadows must name each version once");
    }
    salt.ifPresent(given -> Names.checked("a salt", given));
    if (sticky instanceof Stickiness.None
        && match.stream().anyMatch(rule -> rule.rule() instanceof MatchRule.UnitIn)) {
      throw new IllegalArgumentException(
          "a unit-in rule needs a unit: sticky is by-header or by-input, not none");
    }
  }

  /** Settings without shadows. */
  public RoutingSettings(
      Optional<Policy> policy, Stickiness sticky, List<Match> match, Optional<String> salt) {
    this(policy, sticky, match, salt, List.of());
  }

  public static RoutingSettings defaults() {
    return new RoutingSettings(
        Optional.empty(), new Stickiness.None(), List.of(), Optional.empty());
  }

  /** The route of {@code model}; its name is the salt of a model without one. */
  public ModelRoute route(String model, String defaultVersion) {
    return new ModelRoute(
        salt.orElse(model),
        sticky,
        match.stream().map(Match::rule).toList(),
        policy.map(Policy::policy).orElseGet(() -> new RoutingPolicy.Fixed(defaultVersion)),
        shadows.stream().map(Copies::shadow).toList(),
        0);
  }

  /** A policy as written. */
  public sealed interface Policy {
    RoutingPolicy policy();

    record Fixed(String version) implements Policy {
      public Fixed {
        Names.checked("a fixed version", version);
      }

      @Override
      public RoutingPolicy policy() {
        return new RoutingPolicy.Fixed(version);
      }
    }

    /** Weights by version, in the order of the ranges: the stable version first. */
    record Split(Map<String, Double> weights) implements Policy {
      public Split {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        split(weights);
      }

      @Override
      public RoutingPolicy policy() {
        return split(weights);
      }

      private static RoutingPolicy split(Map<String, Double> weights) {
        return new RoutingPolicy.Split(
            weights.entrySet().stream()
                .map(entry -> new Share(entry.getKey(), entry.getValue()))
                .toList());
      }
    }
  }

  /** A shadow as written: every request is copied when no share is given. */
  public record Copies(String version, Optional<Double> share, Optional<Boolean> noiseFloor) {
    public Copies {
      new Shadow(version, share.orElse(1.0), false);
    }

    Shadow shadow() {
      return new Shadow(version, share.orElse(1.0), noiseFloor.orElse(false));
    }
  }

  /** A match rule as written: {@code header} with {@code in}, or {@code unit-in}. */
  public record Match(
      Optional<String> header, List<String> in, List<String> unitIn, String version) {
    public Match {
      in = List.copyOf(in);
      unitIn = List.copyOf(unitIn);
      rule(header, in, unitIn, version);
    }

    MatchRule rule() {
      return rule(header, in, unitIn, version);
    }

    private static MatchRule rule(
        Optional<String> header, List<String> in, List<String> unitIn, String version) {
      boolean byHeader = header.isPresent();
      if (byHeader == in.isEmpty() || byHeader != unitIn.isEmpty()) {
        throw new IllegalArgumentException(
            "a match rule has header and in, or unit-in, not header %s, in %s, unit-in %s"
                .formatted(header.orElse("absent"), in, unitIn));
      }
      return header
          .<MatchRule>map(name -> new MatchRule.HeaderIn(name, Set.copyOf(in), version))
          .orElseGet(() -> new MatchRule.UnitIn(Set.copyOf(unitIn), version));
    }
  }
}
