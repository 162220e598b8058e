package weir.routing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How a model's traffic is divided between its versions, after pins and match rules. */
public sealed interface RoutingPolicy {
  /** Everything to one version. */
  record Fixed(String version) implements RoutingPolicy {
    public Fixed {
      Names.checked("a fixed version", version);
    }
  }

  /**
   * Each version its share of the units.
   *
   * <p>The ranges lie in listed order from 0, so that weight moved between neighbours moves only
   * the units between them: list the stable version before the candidate. A weight may be 0, their
   * sum may not.
   */
  record Split(List<Share> shares) implements Divided {
    public Split {
      shares = Divided.checked("a split", shares);
    }
  }

  /**
   * As a split whose weights follow what the versions, its arms, earn. The first arm is the one
   * that the others' health is held against. One that was taken out has the weight 0.
   */
  record Bandit(List<Share> shares) implements Divided {
    public Bandit {
      shares = Divided.checked("a bandit", shares);
      if (shares.size() < 2) {
        throw new IllegalArgumentException("a bandit has two arms or more");
      }
    }

    /** The arms, whatever their shares are now. */
    public List<String> arms() {
      return shares.stream().map(Share::version).toList();
    }
  }

  /** Shares of several versions. */
  sealed interface Divided extends RoutingPolicy {
    List<Share> shares();

    private static List<Share> checked(String what, List<Share> shares) {
      Set<String> versions = new HashSet<>();
      for (Share share : shares) {
        if (!versions.add(share.version())) {
          throw new IllegalArgumentException(
              "%s lists version '%s' once, not twice".formatted(what, share.version()));
        }
      }
      double total = total(shares);
      if (!(total > 0) || Double.isInfinite(total)) {
        throw new IllegalArgumentException(
            "the weights of %s have a positive, finite sum, not %s".formatted(what, total));
      }
      return List.copyOf(shares);
    }

    /** The sum of the weights. */
    default double total() {
      return total(shares());
    }

    /** The share whose range holds {@code position}, from [0, 1). */
    default Share at(double position) {
      List<Share> shares = shares();
      double sought = position * total();
      double end = 0;
      int chosen = 0;
      for (int i = 0; i < shares.size() && sought >= end; i++) {
        double weight = shares.get(i).weight();
        if (weight > 0) {
          end += weight;
          chosen = i;
        }
      }
      return shares.get(chosen);
    }

    private static double total(List<Share> shares) {
      double total = 0;
      for (int i = 0; i < shares.size(); i++) {
        total += shares.get(i).weight();
      }
      return total;
    }
  }

  /** The version that others are measured against: the only one, or the first listed. */
  default String stable() {
    return switch (this) {
      case Fixed fixed -> fixed.version();
      case Divided divided -> divided.shares().getFirst().version();
    };
  }

  /** The version with the largest share, the first of equals. */
  default String largest() {
    return switch (this) {
      case Fixed fixed -> fixed.version();
      case Divided divided -> {
        Share largest = divided.shares().getFirst();
        for (Share share : divided.shares()) {
          largest = share.weight() > largest.weight() ? share : largest;
        }
        yield largest.version();
      }
    };
  }

  /** The probability with which an unmatched, unpinned unit is given {@code version}. */
  default double probability(String version) {
    return switch (this) {
      case Fixed fixed -> fixed.version().equals(version) ? 1 : 0;
      case Divided divided -> {
        for (Share share : divided.shares()) {
          if (share.version().equals(version)) {
            yield share.weight() / divided.total();
          }
        }
        yield 0;
      }
    };
  }
}
