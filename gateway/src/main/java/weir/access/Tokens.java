package weir.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.MalformedURLException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the issuer's tokens.
 *
 * <p>A verified token is kept, by its hash, until it expires and at most ten minutes, so that it
 * costs its signature once. The issuer's keys are kept for five minutes; a token by another key has
 * them fetched anew, but at most twice in 30 seconds; while the issuer is away the last ones hold
 * for an hour.
 */
final class Tokens {
  /** A caller, or why there is none. */
  sealed interface Reading {
    record Valid(Caller caller) implements Reading {}

    record Invalid() implements Reading {}

    /** The issuer's keys are not there, so nothing can be said of the token. */
    record Unknown() implements Reading {}
  }

  private record Verified(Caller caller, Instant until) {}

  /** Before our roles, where a claim holds those of several services. */
  private static final String PREFIX = "weir:";

  private static final int KEPT_MAX = 10_000;
  private static final int TOKEN_CHARS_MAX = 12_000;
  private static final int NAME_CHARS_MAX = 128;
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final Duration JWKS_KEPT = Duration.ofMinutes(5);
  private static final Duration JWKS_FETCH = Duration.ofSeconds(10);
  private static final Duration JWKS_FETCH_EVERY = Duration.ofSeconds(30);
  private static final Duration JWKS_OUTAGE = Duration.ofHours(1);

  private final TokenSettings settings;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final Cache<String, Verified> verified;
  private final InstantSource clock;

  Tokens(TokenSettings settings, InstantSource clock, Ticker ticker) {
    this.settings = settings;
    this.clock = clock;
    verified =
        Caffeine.newBuilder()
            .maximumSize(KEPT_MAX)
            .ticker(ticker)
            .expireAfter(
                Expiry.<String, Verified>creating(
                    (_, token) -> Duration.between(clock.instant(), token.until())))
            .build();
    Set<JWSAlgorithm> algorithms =
        settings.accepted().stream()
            .map(algorithm -> JWSAlgorithm.parse(algorithm.name()))
            .collect(Collectors.toSet());
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys(settings)));
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    DefaultJWTClaimsVerifier<SecurityContext> claims = claims(settings, clock);
    claims.setMaxClockSkew((int) settings.skew().toSeconds());
    processor.setJWTClaimsSetVerifier(claims);
  }

  private static JWKSource<SecurityContext> keys(TokenSettings settings) {
    try {
      return JWKSourceBuilder.<SecurityContext>create(settings.jwks().toURL(), new KeyFetch())
          .cache(JWKS_KEPT.toMillis(), JWKS_FETCH.toMillis())
          .refreshAheadCache(false)
          .rateLimited(JWKS_FETCH_EVERY.toMillis())
          .outageTolerant(JWKS_OUTAGE.toMillis())
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("jwks is no address: " + settings.jwks(), e);
    }
  }

  private static DefaultJWTClaimsVerifier<SecurityContext> claims(
      TokenSettings settings, InstantSource clock) {
    return new DefaultJWTClaimsVerifier<>(
        settings.audience(),
        new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
        Set.of("exp", settings.name())) {
      @Override
      protected Date currentTime() {
        return Date.from(clock.instant());
      }
    };
  }

  /** The caller of a token that was verified before. */
  Optional<Caller> known(String token) {
    return Optional.ofNullable(verified.getIfPresent(ApiKey.hashOf(token))).map(Verified::caller);
  }

  Reading read(String token) {
    if (token.length() > TOKEN_CHARS_MAX) {
      return new Reading.Invalid();
    }
    try {
      JWTClaimsSet claims = processor.process(token, null);
      String name = String.valueOf(claims.getClaim(settings.name()));
      Caller caller = new Caller("oidc:" + printable(name), grants(claims));
      Instant now = clock.instant();
      Instant end = claims.getExpirationTime().toInstant().plus(settings.skew());
      Instant until = end.isBefore(now.plus(KEPT)) ? end : now.plus(KEPT);
      if (until.isAfter(now)) {
        verified.put(ApiKey.hashOf(token), new Verified(caller, until));
      }
      return new Reading.Valid(caller);
    } catch (RateLimitReachedException e) {
      return new Reading.Invalid();
    } catch (KeySourceException e) {
      return new Reading.Unknown();
    } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException e) {
      return new Reading.Invalid();
    }
  }

  private static String printable(String name) {
    String plain = name.replaceAll("[^\\p{Graph}]", "_");
    return plain.substring(0, Math.min(plain.length(), NAME_CHARS_MAX));
  }

  /** Roles of other services in the same claim are left out. */
  private Set<Grant> grants(JWTClaimsSet claims) {
    Set<Grant> grants = new LinkedHashSet<>();
    for (String role : roles(claim(claims, settings.roles()))) {
      grant(role).ifPresent(grants::add);
    }
    return grants;
  }

  private static Optional<Grant> grant(String role) {
    try {
      return Optional.of(
          Grant.of(
              role.toLowerCase(Locale.ROOT).startsWith(PREFIX)
                  ? role.substring(PREFIX.length())
                  : role));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static @Nullable Object claim(JWTClaimsSet claims, String name) {
    Object whole = claims.getClaim(name);
    if (whole != null) {
      return whole;
    }
    Object at = claims.getClaims();
    for (String part : List.of(name.split("\\.", -1))) {
      at = at instanceof Map<?, ?> object ? object.get(part) : null;
    }
    return at;
  }

  private static List<String> roles(@Nullable Object claim) {
    return switch (claim) {
      case List<?> list -> list.stream().map(String::valueOf).toList();
      case String text -> List.of(text.strip().split("[\\s,]+", -1));
      case null, default -> List.of();
    };
  }
}
