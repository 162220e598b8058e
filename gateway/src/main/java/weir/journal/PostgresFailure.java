package weir.journal;

import java.sql.SQLException;

/** What PostgreSQL's errors mean, by their five characters (its manual, appendix A). */
final class PostgresFailure {
  private PostgresFailure() {}

  static JournalUnavailableException of(
      String server, String operation, SQLException failure, boolean committing) {
    String state = state(failure);
    String unknown =
        committing && connectionLost(state)
            ? ", and the outcome is unknown: read before trying again"
            : "";
    return new JournalUnavailableException(
        "The journal at %s %s%s (%s: %s)"
            .formatted(server, told(state), unknown, operation, words(failure)),
        failure);
  }

  private static String state(SQLException failure) {
    return failure.getSQLState() == null ? "" : failure.getSQLState();
  }

  /** What the server said, which a pool hides behind its own. */
  private static String words(SQLException failure) {
    return failure.getCause() instanceof SQLException cause
        ? failure.getMessage() + ": " + cause.getMessage()
        : String.valueOf(failure.getMessage());
  }

  private static boolean connectionLost(String state) {
    return state.startsWith("08") || state.startsWith("57P");
  }

  private static String told(String state) {
    if (connectionLost(state)) {
      return "cannot be reached or does not answer. Check that it runs, and the network to it";
    }
    if (state.startsWith("28")) {
      return "refuses the user or the password. Check user, password-file and the server's rules";
    }
    if (state.startsWith("53")) {
      return "has no room left: disk, memory or connections. Free some, or lower pool-size";
    }
    return switch (state) {
      case "" -> "gave no connection in time: all are in use, or it does not answer";
      case "3D000" -> "does not exist. Create the database, or name another";
      case "42501" -> "gives this user too few rights. Let it create and change tables";
      case "42P07" ->
          "has tables of something else. Give Weir a schema (currentSchema) or database of its own";
      case "25006" -> "may only be read. Name the primary and not a standby";
      case "55P03", "40P01" -> "was locked by another for too long. Find and end what holds it";
      case "57014" -> "took too long and was stopped. Find out why it is slow";
      case "25P03" -> "ended the call because this process stood still in it. Try again";
      case "XX001", "XX002" -> "is damaged. Restore a copy of before";
      default -> "failed. See the cause";
    };
  }
}
