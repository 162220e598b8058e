package weir.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A key as it is kept: everything but the secret, of which only SHA-256 is known.
 *
 * <p>The secret has 256 random bits, so there is nothing to guess and a slow hash would only cost
 * the gateway. {@code id} is a part of the key that is no secret, and finds it.
 */
public record ApiKey(String id, String name, String hash, Set<Grant> grants, Instant created) {
  private static final String PREFIX = "weir_";
  private static final int ID_BYTES = 6;
  private static final int ID_CHARS = 2 * ID_BYTES;
  private static final int SECRET_BYTES = 32;
  private static final Pattern NAME = Pattern.compile("[\\p{Alnum}._@+-]{1,64}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{" + ID_CHARS + "}");

  public ApiKey {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a key's name has up to 64 letters, digits and ._@+-, unlike '%s'"
              .formatted(name.length() > 64 ? name.substring(0, 64) : name));
    }
    if (!ID.matcher(id).matches() || !HASH.matcher(hash).matches()) {
      throw new IllegalArgumentException("a key has an id of 12 and a hash of 64 hex digits");
    }
    grants = Set.copyOf(grants);
    if (grants.isEmpty()) {
      throw new IllegalArgumentException("a key has at least one role");
    }
  }

  /** A new key, and the only sight of its secret. */
  public record Fresh(ApiKey key, String secret) {
    @Override
    public String toString() {
      return "new key " + key.id();
    }
  }

  /** Makes a key. */
  public static Fresh create(String name, Set<Grant> grants, SecureRandom random, Instant now) {
    byte[] id = new byte[ID_BYTES];
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(id);
    random.nextBytes(secret);
    String said = HexFormat.of().formatHex(id);
    String text =
        PREFIX + said + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    ApiKey key = new ApiKey(said, name, hashOf(text), grants, now.truncatedTo(ChronoUnit.SECONDS));
    return new Fresh(key, text);
  }

  /** Whether this text has the form of a key. */
  static boolean looksLike(String text) {
    return text.startsWith(PREFIX);
  }

  /** The id within a key's text; empty when it has none. */
  static String idOf(String text) {
    int end = PREFIX.length() + ID_CHARS;
    return text.length() > end && text.charAt(end) == '_'
        ? text.substring(PREFIX.length(), end)
        : "";
  }

  /** Takes the same time whatever differs. */
  boolean is(String text) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII), hashOf(text).getBytes(StandardCharsets.US_ASCII));
  }

  static String hashOf(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  Caller caller() {
    return new Caller(name, grants);
  }

  /** The line of the keys file. */
  public String line() {
    return "%s %s %s %s %s".formatted(id, name, hash, said(), created);
  }

  /** The roles as they are written. */
  public String said() {
    return grants.stream()
        .map(Grant::toString)
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining(","));
  }
}
