package weir.access;

import java.util.Locale;

/** What a caller may do with a model. */
public enum Role {
  /** Ask for predictions, and what the model takes. */
  INFER,
  /** Tell what came of predictions. */
  FEEDBACK,
  /** See how models stand, their metrics and their history. */
  READ,
  /** Change splits and rollouts; sees what it changes. */
  OPERATE;

  private final String label = name().toLowerCase(Locale.ROOT);

  public String label() {
    return label;
  }
}
