package weir.experiment;

/** What the copies say of a shadow's answers; each says in words and numbers what it stands on. */
public sealed interface ShadowVerdict {
  String words();

  /** Hardly any answer differs beyond the tolerance, or beyond the stable variant's own noise. */
  record Same(String words) implements ShadowVerdict {}

  /** More answers differ than are tolerated; a better model's do. */
  record Different(String words) implements ShadowVerdict {}

  /** It does not answer often enough. */
  record Failing(String words) implements ShadowVerdict {}

  /** Neither can be said yet; the words say what is missing. */
  record Undecided(String words) implements ShadowVerdict {}

  /** The verdict's name in documents. */
  default String label() {
    return switch (this) {
      case Same _ -> "same";
      case Different _ -> "different";
      case Failing _ -> "failing";
      case Undecided _ -> "undecided";
    };
  }
}
