package weir.access;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Tokens (JWT, RFC 7519) of an OpenID Connect issuer.
 *
 * <p>{@code jwks} is where its keys are; {@code algorithms} empty takes RS256 and ES256; {@code
 * rolesClaim} names the claim with the roles, a list or a text with spaces, dots leading into
 * objects; {@code nameClaim} the one that names the caller.
 */
public record TokenSettings(
    String issuer,
    String audience,
    URI jwks,
    Set<Algorithm> algorithms,
    Optional<String> rolesClaim,
    Optional<String> nameClaim,
    Optional<Duration> clockSkew) {
  /** Signatures by a private key only: none, and none by a shared secret. */
  public enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512
  }

  private static final String ROLES = "roles";
  private static final String NAME = "sub";
  private static final Duration SKEW = Duration.ofMinutes(1);
  private static final Duration SKEW_MAX = Duration.ofMinutes(5);

  public TokenSettings {
    algorithms = Set.copyOf(algorithms);
    required("issuer", issuer);
    required("audience", audience);
    required("roles-claim", rolesClaim.orElse(ROLES));
    required("name-claim", nameClaim.orElse(NAME));
    boolean local =
        "http".equals(jwks.getScheme()) && Destinations.loopback(String.valueOf(jwks.getHost()));
    if (!("https".equals(jwks.getScheme()) || local) || jwks.getHost() == null) {
      throw new IllegalArgumentException(
          "jwks must be an https address, since who changes it on the way may sign anything");
    }
    Destinations.require("jwks", jwks.getHost());
    Duration skew = clockSkew.orElse(SKEW);
    if (skew.isNegative() || skew.compareTo(SKEW_MAX) > 0) {
      throw new IllegalArgumentException("clock-skew must lie between 0s and 5m, not " + skew);
    }
  }

  Set<Algorithm> accepted() {
    return algorithms.isEmpty() ? Set.of(Algorithm.RS256, Algorithm.ES256) : algorithms;
  }

  String roles() {
    return rolesClaim.orElse(ROLES);
  }

  String name() {
    return nameClaim.orElse(NAME);
  }

  Duration skew() {
    return clockSkew.orElse(SKEW);
  }

  private static void required(String key, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(key + " must not be empty");
    }
  }
}
