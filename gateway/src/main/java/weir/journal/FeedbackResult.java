package weir.journal;

/** What became of one row of feedback. */
public enum FeedbackResult {
  ACCEPTED,
  /** This prediction has feedback of this kind already; the first stays. */
  DUPLICATE
}
