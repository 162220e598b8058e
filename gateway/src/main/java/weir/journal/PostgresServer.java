package weir.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * A PostgreSQL server and how long it may take.
 *
 * <p>The server ends statements itself ({@code statement_timeout}, {@code lock_timeout}), and ends
 * transactions whose client has frozen ({@code idle_in_transaction_session_timeout}), so that none
 * holds a lock for long. When the server itself is silent, the socket's timeout ends the call.
 */
final class PostgresServer {
  /** How long a silent server is waited for. */
  static final Duration SILENCE_MAX = Duration.ofSeconds(2);

  private static final Duration STATEMENT_MAX = Duration.ofMillis(1_900);
  private static final Duration LOCK_WAIT_MAX = Duration.ofMillis(1_500);
  private static final Duration FROZEN_CLIENT_MAX = Duration.ofSeconds(2);
  private static final Duration VALIDATION_MAX = Duration.ofSeconds(1);
  private static final Duration LONG_LOCK_WAIT_MAX = Duration.ofSeconds(60);
  private static final Duration LONG_SILENCE_MAX = Duration.ofMinutes(30);
  private static final int ROWS_AT_ONCE = 1_000;

  /** A server that acknowledges before its disk has the commit would lose what we acknowledge. */
  private static final String DURABLE =
      "SELECT set_config('synchronous_commit', 'on', false)"
          + " WHERE current_setting('synchronous_commit') = 'off'";

  private final String shown;
  private final String jdbcUrl;
  private final Properties login = new Properties();
  private final int poolSize;
  private final Duration connectTimeout;

  private PostgresServer(URI url, int poolSize, Duration connectTimeout) {
    shown = url.getAuthority() + url.getPath();
    jdbcUrl = "jdbc:" + url;
    this.poolSize = poolSize;
    this.connectTimeout = connectTimeout;
  }

  static PostgresServer of(JournalSettings settings, Map<String, String> environment) {
    URI url =
        settings
            .url()
            .orElseThrow(() -> new IllegalArgumentException("The journal's settings have no url"));
    PostgresServer server = new PostgresServer(url, settings.poolSize(), settings.connectTimeout());
    settings.user().ifPresent(user -> server.login.setProperty("user", user));
    settings.passwordFile().ifPresent(file -> server.login.setProperty("password", password(file)));
    settings
        .passwordEnv()
        .ifPresent(name -> server.login.setProperty("password", password(name, environment)));
    return server;
  }

  private static String password(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new JournalUnavailableException(
          "The file of the journal's password, %s, cannot be read. Check its path and rights"
              .formatted(file),
          e);
    }
  }

  private static String password(String name, Map<String, String> environment) {
    String password = environment.get(name);
    if (password == null) {
      throw new JournalUnavailableException(
          "The environment has no variable %s with the journal's password. Set it".formatted(name));
    }
    return password;
  }

  /** The host and the database. */
  @Override
  public String toString() {
    return shown;
  }

  /** Connections for calls; made as they are needed, so this waits for nothing. */
  HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setPoolName("weir-journal");
    config.setJdbcUrl(jdbcUrl);
    config.setDataSourceProperties(properties(SILENCE_MAX, limits()));
    config.setMaximumPoolSize(poolSize);
    config.setMinimumIdle(poolSize);
    config.setConnectionTimeout(connectTimeout.toMillis());
    config.setValidationTimeout(Math.min(VALIDATION_MAX.toMillis(), connectTimeout.toMillis()));
    config.setInitializationFailTimeout(-1);
    config.setKeepaliveTime(0);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setConnectionInitSql(DURABLE);
    return new HikariDataSource(config);
  }

  /** A connection of its own, with the limits of a call. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl, properties(SILENCE_MAX, limits()));
  }

  /** A connection for work that takes its time. */
  Connection connectPatiently() throws SQLException {
    return DriverManager.getConnection(
        jdbcUrl, properties(LONG_SILENCE_MAX, setting("lock_timeout", LONG_LOCK_WAIT_MAX)));
  }

  private static String limits() {
    return setting("statement_timeout", STATEMENT_MAX)
        + setting("lock_timeout", LOCK_WAIT_MAX)
        + setting("idle_in_transaction_session_timeout", FROZEN_CLIENT_MAX);
  }

  private static String setting(String name, Duration value) {
    return "-c %s=%d ".formatted(name, value.toMillis());
  }

  private Properties properties(Duration silenceMax, String options) {
    Properties properties = new Properties();
    properties.putAll(login);
    properties.setProperty("ApplicationName", "weir");
    properties.setProperty("options", options.strip());
    properties.setProperty("socketTimeout", seconds(silenceMax));
    properties.setProperty("connectTimeout", seconds(connectTimeout));
    properties.setProperty("loginTimeout", seconds(connectTimeout));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("defaultRowFetchSize", String.valueOf(ROWS_AT_ONCE));
    return properties;
  }

  private static String seconds(Duration time) {
    return String.valueOf(time.plusMillis(999).toSeconds());
  }

  /**
   * What to tell of a failure.
   *
   * @param committing whether the transaction may have become durable
   */
  JournalUnavailableException unavailable(
      String operation, SQLException failure, boolean committing) {
    return PostgresFailure.of(shown, operation, failure, committing);
  }
}
