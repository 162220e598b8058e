package weir.access;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A role for one model, or for all where the model is {@code *}. */
public record Grant(Role role, String model) {
  public static final String ALL = "*";

  private static final int TEXT_CHARS_MAX = 256;

  public Grant {
    if (model.isEmpty() || model.length() > TEXT_CHARS_MAX || !model.matches("[^\\s,]+")) {
      throw new IllegalArgumentException(
          "a role is for a model's name, or * for all, such as infer:diamond-price");
    }
  }

  boolean covers(String asked) {
    return model.equals(ALL) || model.equals(asked);
  }

  /** Reads {@code infer:diamond-price}; a role without a model is for all. */
  public static Grant of(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    for (Role role : Role.values()) {
      if (role.label().equals(name)) {
        return new Grant(role, colon < 0 ? ALL : text.substring(colon + 1));
      }
    }
    throw new IllegalArgumentException(
        "there is no role '%s'; there are %s, each for all models or as %s:MODEL for one"
            .formatted(
                name.length() > 40 ? name.substring(0, 40) : name,
                Arrays.stream(Role.values()).map(Role::label).collect(Collectors.joining(", ")),
                Role.INFER.label()));
  }

  /** Reads several, with commas between them. */
  public static Set<Grant> all(String text) {
    return new LinkedHashSet<>(
        List.of(text.split(",", -1)).stream().map(part -> of(part.strip())).toList());
  }

  @Override
  public String toString() {
    return role.label() + ":" + model;
  }
}
