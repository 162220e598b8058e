package weir.routing;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How one model's requests find their version: match rules in order, then the policy.
 *
 * <p>{@code salt} decides which units fall where. It stays the same through one rollout or
 * experiment, and differs between two that should not meet the same units.
 */
public record ModelRoute(
    String salt, Stickiness stickiness, List<MatchRule> matches, RoutingPolicy policy) {
  public ModelRoute {
    Names.checked("a salt", salt);
    matches = List.copyOf(matches);
  }

  public ModelRoute withPolicy(RoutingPolicy next) {
    return new ModelRoute(salt, stickiness, matches, next);
  }

  public ModelRoute withSalt(String next) {
    return new ModelRoute(next, stickiness, matches, policy);
  }

  /** Every version that a rule or the policy names, so that start-up can ask whether it exists. */
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
