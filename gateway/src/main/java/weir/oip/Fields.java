package weir.oip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.inference.NearestName;
import weir.inference.Quoted;

/**
 * The fields of one JSON object as they come: each at most once.
 *
 * <p>An unknown field is passed over, as Triton and KServe do, so that newer clients are served.
 * Only one that looks like a misspelt known field, which is itself absent, is refused.
 */
final class Fields {
  static final int UNKNOWN = -1;

  private final List<String> known;
  private final int maxUnknown;
  private int seen;
  private List<String> unknown = List.of();

  Fields(List<String> known, int maxUnknown) {
    this.known = known;
    this.maxUnknown = maxUnknown;
  }

  /** Notes a field and returns its index among the known, or {@link #UNKNOWN}. */
  int note(String name) throws Refusal {
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).equals(name)) {
        if (has(i)) {
          throw twice(name);
        }
        seen |= 1 << i;
        return i;
      }
    }
    if (unknown.contains(name)) {
      throw twice(name);
    }
    if (unknown.size() >= maxUnknown) {
      throw new Refusal("more than " + maxUnknown + " unknown fields");
    }
    if (unknown.isEmpty()) {
      unknown = new ArrayList<>();
    }
    unknown.add(name);
    return UNKNOWN;
  }

  boolean has(int field) {
    return (seen & (1 << field)) != 0;
  }

  /** Refuses, at the object's end, a field that was probably meant to be a known one. */
  void refuseMisspelt() throws Refusal {
    for (String name : unknown) {
      Optional<String> meant = NearestName.of(name, known);
      if (meant.isPresent() && !has(known.indexOf(meant.get()))) {
        throw new Refusal(
            "unknown field %s; did you mean '%s'?".formatted(Quoted.name(name), meant.get()));
      }
    }
  }

  void require(int field) throws Refusal {
    if (!has(field)) {
      throw new Refusal("'" + known.get(field) + "' is missing");
    }
  }

  private static Refusal twice(String name) {
    return new Refusal("the field " + Quoted.name(name) + " is given twice");
  }
}
