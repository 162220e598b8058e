package weir.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer of tokens on this machine, whose keys can be rotated. */
public final class Issuer implements AutoCloseable {
  public static final String NAME = "https://id.example.com";

  private final HttpServer server;
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile RSAKey key;

  private Issuer(HttpServer server, RSAKey key) {
    this.server = server;
    this.key = key;
  }

  public static Issuer start() throws IOException, JOSEException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Issuer issuer = new Issuer(server, fresh("first"));
    server.createContext(
        "/keys",
        exchange -> {
          issuer.fetches.incrementAndGet();
          byte[] body =
              new JWKSet(issuer.key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return issuer;
  }

  private static RSAKey fresh(String id) throws JOSEException {
    return new RSAKeyGenerator(2048).keyID(id).generate();
  }

  void rotate() throws JOSEException {
    key = fresh("second");
  }

  RSAKey key() {
    return key;
  }

  int fetches() {
    return fetches.get();
  }

  public URI jwks() {
    return URI.create("http://127.0.0.1:%d/keys".formatted(server.getAddress().getPort()));
  }

  TokenSettings settings() {
    return new TokenSettings(
        NAME, "weir", jwks(), Set.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The claims of a good token. */
  public static JWTClaimsSet.Builder claims(Instant expires) {
    return new JWTClaimsSet.Builder()
        .issuer(NAME)
        .audience("weir")
        .subject("ann")
        .expirationTime(Date.from(expires))
        .claim("roles", List.of("infer:m", "offline_access"));
  }

  public String sign(JWTClaimsSet claims) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
