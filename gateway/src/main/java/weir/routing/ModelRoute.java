package weir.routing;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How one model's requests find their version: match rules in order, then the policy. Copies for
 * the shadows are taken from what the policy's largest version answered.
 *
 * <p>{@code salt} decides which units fall where. It stays the same through one rollout or
 * experiment, and differs between two that should not meet the same units.
 *
 * @param generation the revision of the model's own stream in the journal that this follows: the
 *     same on every replica that knows the same events; 0 before the first
 */
public record ModelRoute(
    String salt,
    Stickiness stickiness,
    List<MatchRule> matches,
    RoutingPolicy policy,
    List<Shadow> shadows,
    long generation) {
  public ModelRoute {
    Names.checked("a salt", salt);
    matches = List.copyOf(matches);
    shadows = List.copyOf(shadows);
    if (generation < 0) {
      throw new IllegalArgumentException("a generation is at least 0, not " + generation);
    }
    Set<String> distinct = new LinkedHashSet<>();
    for (Shadow shadow : shadows) {
      if (!distinct.add(shadow.version())) {
        throw new IllegalArgumentException("shadow '%s' is twice".formatted(shadow.version()));
      }
    }
  }

  /** A route without shadows that follows no event yet. */
  public ModelRoute(
      String salt, Stickiness stickiness, List<MatchRule> matches, RoutingPolicy policy) {
    this(salt, stickiness, matches, policy, List.of(), 0);
  }

  public ModelRoute withPolicy(RoutingPolicy next) {
    return new ModelRoute(salt, stickiness, matches, next, shadows, generation);
  }

  public ModelRoute withSalt(String next) {
    return new ModelRoute(next, stickiness, matches, policy, shadows, generation);
  }

  public ModelRoute withShadows(List<Shadow> next) {
    return new ModelRoute(salt, stickiness, matches, policy, next, generation);
  }

  public ModelRoute withGeneration(long next) {
    return new ModelRoute(salt, stickiness, matches, policy, shadows, next);
  }

  /** Every version that has to exist: those of {@link #versions} and the shadows. */
  public Set<String> named() {
    Set<String> named = versions();
    shadows.forEach(shadow -> named.add(shadow.version()));
    return named;
  }

  /** Every version that a rule or the policy names: what a request can be assigned to. */
  public Set<String> versions() {
    Set<String> versions = new LinkedHashSet<>();
    switch (policy) {
      case RoutingPolicy.Fixed fixed -> versions.add(fixed.version());
      case RoutingPolicy.Split split ->
          split.shares().forEach(share -> versions.add(share.version()));
    }
    matches.forEach(rule -> versions.add(rule.version()));
    return versions;
  }
}
