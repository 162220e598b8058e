package weir.journal;

import java.time.InstantSource;
import java.util.Map;
import weir.observation.JournalMeters;

/**
 * A journal on a PostgreSQL server, which the replicas of a fleet share.
 *
 * <p>A server that freezes or goes makes each call fail within 5 s, and works again by itself once
 * it is back. Needs PostgreSQL 14 or newer, a connection without a pooler between (it listens), and
 * a user that may create tables.
 */
public final class PostgresJournal {
  private PostgresJournal() {}

  /**
   * Connects and brings the schema up to date; {@code settings} have a url.
   *
   * @throws JournalUnavailableException when the server cannot be used or has a newer schema
   */
  public static Journal open(
      JournalSettings settings,
      Map<String, String> environment,
      InstantSource clock,
      JournalMeters meters) {
    return open(PostgresServer.of(settings, environment), Migrations.ALL, clock, meters);
  }

  /**
   * As {@link #open}, for a server that may not be there yet: calls fail until it is.
   *
   * @throws JournalUnavailableException when the password cannot be read
   */
  public static Journal await(
      JournalSettings settings,
      Map<String, String> environment,
      InstantSource clock,
      JournalMeters meters) {
    PostgresServer server = PostgresServer.of(settings, environment);
    return SqlJournal.await(PostgresEngine.await(server, Migrations.ALL, clock), clock, meters);
  }

  static Journal open(
      PostgresServer server, Migrations migrations, InstantSource clock, JournalMeters meters) {
    return SqlJournal.over(PostgresEngine.open(server, migrations, clock.instant()), clock, meters);
  }
}
