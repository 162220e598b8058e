package weir.routing;

import java.util.Locale;
import java.util.Set;

/** A request that satisfies the rule goes to {@code version}, outside the experiment. */
public sealed interface MatchRule {
  String version();

  /** A header's first value is one of {@code values}; the name is held in lower case. */
  record HeaderIn(String header, Set<String> values, String version) implements MatchRule {
    public HeaderIn {
      header = Names.checked("a matched header", header).toLowerCase(Locale.ROOT);
      values = checked("the values of header '" + header + "'", values);
      Names.checked("a match rule's version", version);
    }
  }

  /**
   * The sticky value's text is one of {@code units}: a header's or BYTES value itself, a number in
   * decimal, a boolean as {@code true} or {@code false}. A unit with a random key never matches.
   */
  record UnitIn(Set<String> units, String version) implements MatchRule {
    public UnitIn {
      units = checked("the units of a match rule", units);
      Names.checked("a match rule's version", version);
    }
  }

  private static Set<String> checked(String what, Set<String> values) {
    if (values.isEmpty() || values.contains("")) {
      throw new IllegalArgumentException(what + " are at least one and never empty: " + values);
    }
    return Set.copyOf(values);
  }
}
