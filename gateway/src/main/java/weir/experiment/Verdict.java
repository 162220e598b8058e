package weir.experiment;

/** A check's answer at one look; each says in words and numbers what it stands on. */
public sealed interface Verdict {
  /** The candidate is not worse than its margin or its tolerable rate allows. */
  record Passes(String because) implements Verdict {}

  /** The candidate is worse, beyond the error rate that was set. */
  record Harmful(String because) implements Verdict {}

  /** Neither can be said yet; {@code missing} says what it would take. */
  record Undecided(String missing) implements Verdict {}

  /** The comparison itself is not to be trusted. */
  record Invalid(String because) implements Verdict {}

  /** The words of whichever it is. */
  default String words() {
    return switch (this) {
      case Passes passes -> passes.because();
      case Harmful harmful -> harmful.because();
      case Undecided undecided -> undecided.missing();
      case Invalid invalid -> invalid.because();
    };
  }
}
