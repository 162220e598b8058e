package weir.rollout;

import java.util.ArrayList;
import java.util.List;
import weir.routing.RoutingPolicy;
import weir.routing.Share;

/** A policy after one version has left it. */
final class Shares {
  private Shares() {}

  /**
   * {@code policy} with the share of {@code gone} given to {@code heir}, which comes first where it
   * was not listed; nobody else gains or loses.
   */
  static RoutingPolicy without(RoutingPolicy policy, String gone, String heir) {
    return switch (policy) {
      case RoutingPolicy.Fixed fixed ->
          fixed.version().equals(gone) ? new RoutingPolicy.Fixed(heir) : fixed;
      case RoutingPolicy.Split split -> without(split, gone, heir);
      case RoutingPolicy.Bandit bandit -> new RoutingPolicy.Bandit(taken(bandit, gone, heir));
    };
  }

  private static List<Share> taken(RoutingPolicy.Bandit bandit, String gone, String heir) {
    double given = bandit.probability(gone) * bandit.total();
    return bandit.shares().stream()
        .map(share ->
            share.version().equals(gone)
                ? new Share(gone, 0)
                : share.version().equals(heir) ? new Share(heir, share.weight() + given) : share)
        .toList();
  }

  private static RoutingPolicy without(RoutingPolicy.Split split, String gone, String heir) {
    double given = split.probability(gone) * split.total();
    List<Share> shares = new ArrayList<>();
    boolean listed = false;
    for (Share share : split.shares()) {
      if (share.version().equals(heir)) {
        listed = true;
        shares.add(new Share(heir, share.weight() + given));
      } else if (!share.version().equals(gone)) {
        shares.add(share);
      }
    }
    if (!listed && given > 0) {
      shares.addFirst(new Share(heir, given));
    }
    List<Share> weighing = shares.stream().filter(share -> share.weight() > 0).toList();
    return weighing.size() == 1
        ? new RoutingPolicy.Fixed(weighing.getFirst().version())
        : new RoutingPolicy.Split(shares);
  }
}
