package weir.journal;

import java.nio.file.Path;
import java.time.InstantSource;
import weir.observation.JournalMeters;

/**
 * A journal in one SQLite file on a local disk; other processes may use the file too.
 *
 * <p>A journal grows to {@link #BYTES_MAX} at most.
 */
public final class SqliteJournal {
  /** The most bytes of the file, 16 GiB. */
  public static final long BYTES_MAX = 16L << 30;

  private SqliteJournal() {}

  /**
   * Opens the journal in {@code file}, makes it and its folder when they are not there, and brings
   * its schema up to date. Checks the whole file, about a second for each gigabyte.
   *
   * @throws JournalUnavailableException when the file is damaged, of something else, of a newer
   *     build, or cannot be used
   */
  public static Journal open(Path file, InstantSource clock, JournalMeters meters) {
    return open(new SqliteFile(file, BYTES_MAX), Migrations.ALL, clock, meters);
  }

  static Journal open(
      SqliteFile file, Migrations migrations, InstantSource clock, JournalMeters meters) {
    return SqlJournal.over(SqliteEngine.open(file, migrations, clock.instant()), clock, meters);
  }
}
