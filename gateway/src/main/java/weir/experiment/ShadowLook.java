package weir.experiment;

import java.util.Optional;

/**
 * What the copies say of a rollout's candidate at one moment: why it is failing, and what is
 * missing before it may answer anyone.
 */
public record ShadowLook(Optional<String> failing, Optional<String> missing, String words) {
  /** Before the first copy. */
  public static final ShadowLook NONE =
      new ShadowLook(Optional.empty(), Optional.of("no copy was answered yet"), "no copy yet");
}
