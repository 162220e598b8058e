package weir.journal;

import java.sql.Connection;
import java.sql.SQLException;

/** One database: its connections and transactions, and the little SQL that is its own. */
interface Engine extends AutoCloseable {
  /** What to do with a connection. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** What a transaction may hold alone, until it ends. */
  enum Lock {
    /** The order of entries, and the leases that fence them. */
    ORDER(2),
    /** The numbers of new checkpoints. */
    KEYS(3);

    private final int number;

    Lock(int number) {
      this.number = number;
    }

    /** By which all builds know it; 1 is the schema's. */
    int number() {
      return number;
    }
  }

  /** Reads; each statement sees one moment. */
  <T> T read(String operation, Work<T> work);

  /** Runs {@code work} in a durable transaction. */
  <T> T write(String operation, Work<T> work);

  /** Runs {@code work} in a transaction beside which nobody writes, however long it takes. */
  <T> T alone(String operation, Work<T> work);

  /**
   * Waits until this transaction alone holds {@code lock}; later statements see what was before.
   */
  void lock(Connection connection, Lock lock) throws SQLException;

  /** The database's own clock, now. */
  long nowMicros(Connection connection) throws SQLException;

  /** Rows of feedback, roughly when they are many. */
  long feedbackRows(Connection connection) throws SQLException;

  /** As {@link Journal#shared}. */
  boolean shared();

  /** This transaction appends: others hear of it once it is durable. */
  void appends(Connection connection) throws SQLException;

  /** As {@link Journal#onChange}. */
  Hearing onChange(Runnable told);

  @Override
  void close();
}
