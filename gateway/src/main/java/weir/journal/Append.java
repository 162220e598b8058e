package weir.journal;

/** How an append ended. */
public sealed interface Append {
  /** It is in the journal, durably. */
  record Appended(Recorded recorded) implements Append {}

  /** Nothing was added: the stream is at {@code revision}; read it and decide again. */
  record Conflict(long revision) implements Append {}

  /**
   * Nothing was added: the lease has run out, or another took it and is at {@code term}; stop
   * acting for all.
   */
  record Fenced(long term) implements Append {}
}
