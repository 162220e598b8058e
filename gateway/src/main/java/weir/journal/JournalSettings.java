package weir.journal;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Where the journal is: without a {@code url} a file in the state folder, else a PostgreSQL server
 * that the replicas of a fleet share.
 *
 * <p>{@code url} is {@code postgresql://host:port/database}, with {@code sslmode}, {@code
 * sslrootcert}, {@code sslcert}, {@code sslkey} or {@code currentSchema} as a query. The password
 * is in {@code passwordFile} or in the environment variable that {@code passwordEnv} names; it is
 * never part of the settings, which are printed. {@code connectTimeout} is how long a call waits
 * for a connection at most.
 */
public record JournalSettings(
    Optional<URI> url,
    Optional<String> user,
    Optional<Path> passwordFile,
    Optional<String> passwordEnv,
    int poolSize,
    Duration connectTimeout) {
  private static final int POOL_MAX = 64;
  private static final Duration CONNECT_MIN = Duration.ofMillis(250);
  private static final Duration CONNECT_MAX = Duration.ofMillis(2_500);
  private static final Set<String> QUERY =
      Set.of("sslmode", "sslrootcert", "sslcert", "sslkey", "currentSchema");

  public JournalSettings {
    url.ifPresent(JournalSettings::requirePostgres);
    if (url.isEmpty()
        && (user.isPresent() || passwordFile.isPresent() || passwordEnv.isPresent())) {
      throw new IllegalArgumentException("user, password-file and password-env need a url");
    }
    if (passwordFile.isPresent() && passwordEnv.isPresent()) {
      throw new IllegalArgumentException("password-file and password-env exclude each other");
    }
    if (poolSize < 1 || poolSize > POOL_MAX) {
      throw new IllegalArgumentException(
          "pool-size must lie between 1 and %d, not %d".formatted(POOL_MAX, poolSize));
    }
    if (connectTimeout.compareTo(CONNECT_MIN) < 0 || connectTimeout.compareTo(CONNECT_MAX) > 0) {
      throw new IllegalArgumentException(
          "connect-timeout must lie between 250ms and 2500ms, not " + connectTimeout);
    }
  }

  /** The message never holds the URL: somebody may have put a password there. */
  private static void requirePostgres(URI url) {
    String path = url.getPath();
    if (!"postgresql".equals(url.getScheme())
        || url.getHost() == null
        || path == null
        || !path.matches("/[^/]+")) {
      throw new IllegalArgumentException("url must be postgresql://host:port/database");
    }
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "url must be without a user and a password; name them with user and password-file");
    }
    if (url.getRawQuery() != null
        && !Arrays.stream(url.getRawQuery().split("&", -1)).allMatch(JournalSettings::allowed)) {
      throw new IllegalArgumentException(
          "url's query may only have " + QUERY.stream().sorted().toList());
    }
  }

  private static boolean allowed(String pair) {
    return QUERY.contains(pair.split("=", 2)[0]);
  }

  public static JournalSettings defaults() {
    return new JournalSettings(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        4,
        Duration.ofSeconds(2));
  }

  /** The same with a relative password file made absolute from {@code folder}. */
  public JournalSettings resolvedFrom(Path folder) {
    return new JournalSettings(
        url, user, passwordFile.map(folder::resolve), passwordEnv, poolSize, connectTimeout);
  }
}
