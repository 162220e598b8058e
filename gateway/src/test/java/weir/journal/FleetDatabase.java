package weir.journal;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One real PostgreSQL server for all tests of this module; each test has a database of its own. */
public final class FleetDatabase {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final Path FOLDER = folder();
  private static EmbeddedPostgres server = started(0);

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(FleetDatabase::end));
  }

  private FleetDatabase() {}

  private static Path folder() {
    try {
      return Files.createTempDirectory("weir-postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EmbeddedPostgres started(int port) {
    try {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(FOLDER)
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setPGStartupWait(Duration.ofSeconds(60));
      return (port == 0 ? builder : builder.setPort(port)).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end() {
    stop();
    try (Stream<Path> files = Files.walk(FOLDER)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The settings of an empty database that nobody else uses. */
  public static JournalSettings fresh() {
    String name = "weir" + DATABASES.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return settings(name, "postgres", Duration.ofSeconds(2));
  }

  static JournalSettings settings(String database, String user, Duration connectTimeout) {
    return new JournalSettings(
        Optional.of(URI.create("postgresql://localhost:" + server.getPort() + "/" + database)),
        Optional.of(user),
        Optional.empty(),
        Optional.empty(),
        4,
        connectTimeout);
  }

  public static void execute(JournalSettings settings, String sql) {
    execute(settings.url().orElseThrow().getPath().substring(1), sql);
  }

  private static void execute(String database, String sql) {
    try (Connection connection = server.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends every connection to the database of these settings. */
  public static void cut(JournalSettings settings) {
    String database = settings.url().orElseThrow().getPath().substring(1);
    execute(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
            .formatted(database));
  }

  static Connection connection(JournalSettings settings) throws SQLException {
    String database = settings.url().orElseThrow().getPath().substring(1);
    return server.getDatabase("postgres", database).getConnection();
  }

  public static void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the same data on the same port. */
  public static void startAgain() {
    server = started(server.getPort());
  }

  /** Every process of the server stands still. */
  public static void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  public static void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private static void signal(String signal) throws IOException, InterruptedException {
    String first = Files.readAllLines(FOLDER.resolve("postmaster.pid")).getFirst().strip();
    ProcessHandle main = ProcessHandle.of(Long.parseLong(first)).orElseThrow();
    List<ProcessHandle> all = Stream.concat(Stream.of(main), main.descendants()).toList();
    for (ProcessHandle each : all) {
      int exit =
          new ProcessBuilder("kill", signal, Long.toString(each.pid()))
              .inheritIO()
              .start()
              .waitFor();
      // One of the server's helpers may end between the list and its turn.
      if (exit != 0 && each.isAlive()) {
        throw new IllegalStateException("A process of the server could not be told " + signal);
      }
    }
  }
}
