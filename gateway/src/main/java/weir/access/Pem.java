package weir.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificates and keys in PEM files (RFC 7468). */
public final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([\\sA-Za-z0-9+/=]+)-----END PRIVATE KEY-----");
  private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA");

  private Pem() {}

  /** The certificates of a file in their order, at least one. */
  public static List<X509Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> chain = new ArrayList<>();
    byte[] content = Files.readAllBytes(file);
    for (Certificate each :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(content))) {
      chain.add((X509Certificate) each);
    }
    if (chain.isEmpty()) {
      throw new GeneralSecurityException(file + " holds no certificate in PEM");
    }
    return List.copyOf(chain);
  }

  /** The private key of a file; no message tells anything of its content. */
  static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw new GeneralSecurityException(
          file
              + " holds no BEGIN PRIVATE KEY; 'openssl pkcs8 -topk8 -nocrypt' turns others into one");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(pem.group(1));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException(file + " holds a key that is cut off", e);
    }
    for (String kind : KINDS) {
      Optional<PrivateKey> key = key(kind, der);
      if (key.isPresent()) {
        return key.get();
      }
    }
    throw new GeneralSecurityException(file + " holds a key that is neither RSA, EC nor EdDSA");
  }

  /** Empty when it is of another kind. */
  private static Optional<PrivateKey> key(String kind, byte[] der) throws GeneralSecurityException {
    try {
      return Optional.of(
          KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der)));
    } catch (InvalidKeySpecException otherKind) {
      return Optional.empty();
    }
  }

  /** Who trusts these authorities and no others. */
  public static TrustManager[] trusting(List<X509Certificate> authorities)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("ca-" + i, authorities.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
