package weir.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.access.Tokens.Reading;

class TokensTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant LATER = NOW.plus(Duration.ofHours(1));

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private Issuer issuer;
  private Tokens tokens;

  @BeforeEach
  void start() throws Exception {
    issuer = Issuer.start();
    tokens = tokens(issuer.settings());
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private Tokens tokens(TokenSettings settings) {
    return new Tokens(settings, now::get, () -> Duration.between(NOW, now.get()).toNanos());
  }

  @Test
  void read_goodToken_namesTheCallerAndItsRolesHere() throws Exception {
    Reading reading = tokens.read(issuer.sign(Issuer.claims(LATER).build()));

    assertThat(reading)
        .isEqualTo(new Reading.Valid(new Caller("oidc:ann", Set.of(new Grant(Role.INFER, "m")))));
  }

  @Test
  void read_claimsThatAreNotForHere_areInvalid() throws Exception {
    JWTClaimsSet good = Issuer.claims(LATER).build();

    for (JWTClaimsSet bad :
        new JWTClaimsSet[] {
          new JWTClaimsSet.Builder(good).issuer("https://other.example.com").build(),
          new JWTClaimsSet.Builder(good).audience("other").build(),
          new JWTClaimsSet.Builder(good).audience((String) null).build(),
          new JWTClaimsSet.Builder(good).expirationTime(null).build(),
          new JWTClaimsSet.Builder(good).subject(null).build(),
          Issuer.claims(NOW.minusSeconds(61)).build(),
          new JWTClaimsSet.Builder(good)
              .notBeforeTime(java.util.Date.from(NOW.plusSeconds(90)))
              .build()
        }) {
      assertThat(tokens.read(issuer.sign(bad)))
          .as(bad.toString())
          .isInstanceOf(Reading.Invalid.class);
    }
  }

  @Test
  void read_expiredWithinTheSkew_isValid() throws Exception {
    assertThat(tokens.read(issuer.sign(Issuer.claims(NOW.minusSeconds(30)).build())))
        .isInstanceOf(Reading.Valid.class);
  }

  @Test
  void read_noSignatureOrOneByTheSharedPublicKey_isInvalid() throws Exception {
    JWTClaimsSet claims = Issuer.claims(LATER).build();
    SignedJWT byPublicKey =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(), claims);
    byPublicKey.sign(new MACSigner(issuer.key().toRSAPublicKey().getEncoded()));

    assertThat(tokens.read(new PlainJWT(claims).serialize())).isInstanceOf(Reading.Invalid.class);
    assertThat(tokens.read(byPublicKey.serialize())).isInstanceOf(Reading.Invalid.class);
    assertThat(tokens.read("weir")).isInstanceOf(Reading.Invalid.class);
  }

  @Test
  void read_changedPayload_isInvalid() throws Exception {
    String good = issuer.sign(Issuer.claims(LATER).build());
    String other = issuer.sign(Issuer.claims(LATER).subject("eve").build());
    String mixed =
        good.substring(0, good.indexOf('.'))
            + other.substring(other.indexOf('.'), other.lastIndexOf('.'))
            + good.substring(good.lastIndexOf('.'));

    assertThat(tokens.read(mixed)).isInstanceOf(Reading.Invalid.class);
  }

  @Test
  void read_afterARotation_fetchesTheKeysAgain() throws Exception {
    assertThat(tokens.read(issuer.sign(Issuer.claims(LATER).build())))
        .isInstanceOf(Reading.Valid.class);
    issuer.rotate();

    assertThat(tokens.read(issuer.sign(Issuer.claims(LATER).build())))
        .isInstanceOf(Reading.Valid.class);
    assertThat(issuer.fetches()).isEqualTo(2);
  }

  @Test
  void read_manyUnknownKeys_fetchesSeldom() throws Exception {
    issuer.rotate();
    String foreign = issuer.sign(Issuer.claims(LATER).build()).replaceFirst("^[^.]+", header("x"));
    for (int i = 0; i < 20; i++) {
      assertThat(tokens.read(foreign)).isInstanceOf(Reading.Invalid.class);
    }

    assertThat(issuer.fetches()).isLessThanOrEqualTo(2);
  }

  private static String header(String keyId) {
    return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build().toBase64URL().toString();
  }

  @Test
  void read_issuerAway_saysSoInsteadOfBlamingTheToken() throws Exception {
    String token = issuer.sign(Issuer.claims(LATER).build());
    issuer.close();

    assertThat(tokens.read(token)).isInstanceOf(Reading.Unknown.class);
  }

  @Test
  void known_verifiedToken_untilItExpires() throws Exception {
    String token = issuer.sign(Issuer.claims(NOW.plusSeconds(120)).build());
    assertThat(tokens.known(token)).isEmpty();
    Reading _ = tokens.read(token);

    assertThat(tokens.known(token)).map(Caller::name).contains("oidc:ann");
    now.set(NOW.plusSeconds(181));
    assertThat(tokens.known(token)).isEmpty();
  }

  @Test
  void read_rolesWithinAnObject_areFound() throws Exception {
    TokenSettings plain = issuer.settings();
    Tokens nested =
        tokens(
            new TokenSettings(
                plain.issuer(),
                plain.audience(),
                plain.jwks(),
                plain.algorithms(),
                Optional.of("realm_access.roles"),
                plain.nameClaim(),
                plain.clockSkew()));
    JWTClaimsSet claims =
        Issuer.claims(LATER).claim("realm_access", Map.of("roles", "read operate:m")).build();

    assertThat(nested.read(issuer.sign(claims)))
        .isEqualTo(
            new Reading.Valid(
                new Caller(
                    "oidc:ann", Set.of(new Grant(Role.READ, "*"), new Grant(Role.OPERATE, "m")))));
  }

  @Test
  void settings_keysOverPlainHttpOrAtAMetadataAddress_areRefused() {
    for (String jwks : new String[] {"http://id.example.com/keys", "https://169.254.169.254/"}) {
      assertThatThrownBy(() ->
              new TokenSettings(
                  "i",
                  "a",
                  URI.create(jwks),
                  Set.of(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("jwks");
    }
  }
}
