package weir.rollout;

import java.nio.charset.StandardCharsets;

/**
 * What stays the same through one rollout.
 *
 * <p>{@code rollout} names it; {@code salt} decides which units are the canaries, the same ones
 * after a restart and on every replica.
 */
public record RolloutTerms(
    String rollout, String stable, String candidate, String salt, RolloutSettings settings) {
  private static final int NAME_BYTES_MAX = 255;

  public RolloutTerms {
    check("a rollout's id", rollout);
    check("a rollout's stable version", stable);
    check("a rollout's candidate", candidate);
    check("a rollout's salt", salt);
    if (stable.equals(candidate)) {
      throw new IllegalArgumentException(
          "a rollout's candidate differs from the stable version, both are '%s'"
              .formatted(candidate));
    }
  }

  private static void check(String what, String name) {
    if (name.isBlank() || name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
      throw new IllegalArgumentException(
          "%s has 1 to %d bytes of UTF-8, not '%s'".formatted(what, NAME_BYTES_MAX, name));
    }
  }
}
