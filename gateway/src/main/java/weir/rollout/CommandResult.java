package weir.rollout;

/** What became of a command. */
public sealed interface CommandResult {
  String words();

  /** In the journal and in effect. */
  record Done(String words, long revision) implements CommandResult {}

  /** What was asked cannot be done now. */
  record Refused(String words) implements CommandResult {}

  /** The model is not at the revision that the caller saw. */
  record Stale(String words, long revision) implements CommandResult {}

  /** The journal could not be written; nothing was changed, unless the words say so. */
  record Unavailable(String words) implements CommandResult {}

  record UnknownModel(String words) implements CommandResult {}
}
