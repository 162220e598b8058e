package weir.access;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The doors' certificate, read from its files at the start and whenever {@link #reload} is called.
 *
 * <p>New connections get the new one, running ones keep theirs. Files that do not fit together, as
 * while only one of them is written, change nothing and are told in the log. Authorities of clients
 * are read at the start only.
 */
public final class Certificates {
  /** The protocols that are spoken; older ones are broken. */
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  private static final Logger LOG = System.getLogger(Certificates.class.getName());
  private static final byte[] SAMPLE = {1, 2, 3};

  private record Identity(PrivateKey key, List<X509Certificate> chain) {
    @Override
    public String toString() {
      return "certificate of " + chain.getFirst().getSubjectX500Principal();
    }
  }

  private final TlsSettings settings;
  private final X509ExtendedKeyManager manager = new Manager();
  private final TrustManager @Nullable [] trust;
  private volatile Identity identity;

  private Certificates(TlsSettings settings, Identity identity, TrustManager @Nullable [] trust) {
    this.settings = settings;
    this.identity = identity;
    this.trust = trust;
  }

  /** Reads the files; what is wrong with them is in the exception's words. */
  public static Certificates create(TlsSettings settings)
      throws IOException, GeneralSecurityException {
    Identity identity = read(settings);
    TrustManager[] trust =
        settings.clientCa().isEmpty()
            ? null
            : Pem.trusting(Pem.certificates(settings.clientCa().get()));
    return new Certificates(settings, identity, trust);
  }

  private static Identity read(TlsSettings settings) throws IOException, GeneralSecurityException {
    List<X509Certificate> chain = Pem.certificates(settings.certificate());
    PrivateKey key = Pem.privateKey(settings.key());
    chain.getFirst().checkValidity();
    if (!belong(key, chain.getFirst().getPublicKey())) {
      throw new GeneralSecurityException(
          "the key in %s is not the one of the certificate in %s"
              .formatted(settings.key(), settings.certificate()));
    }
    return new Identity(key, chain);
  }

  private static boolean belong(PrivateKey key, PublicKey shown) throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(SAMPLE);
      byte[] signed = signature.sign();
      signature.initVerify(shown);
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (java.security.InvalidKeyException | java.security.SignatureException e) {
      return false;
    }
  }

  /** Reads certificate and key again; returns whether they are in force. */
  public boolean reload() {
    try {
      Identity next = read(settings);
      identity = next;
      LOG.log(
          Level.INFO,
          "the doors have a new certificate of {0}, good until {1}",
          next.chain().getFirst().getSubjectX500Principal(),
          expires());
      return true;
    } catch (IOException | GeneralSecurityException e) {
      LOG.log(
          Level.WARNING,
          "the changed certificate is not taken, the one before stays until {0}: {1}",
          expires(),
          e.getMessage());
      return false;
    }
  }

  /** When the certificate in force ends. */
  public Instant expires() {
    return identity.chain().getFirst().getNotAfter().toInstant();
  }

  /** Whether clients must show a certificate too. */
  public boolean ofClients() {
    return trust != null;
  }

  /** Gives whichever certificate is in force. */
  public KeyManager keyManager() {
    return manager;
  }

  /** Trusts the clients' authorities; null where clients need none. */
  public @Nullable TrustManager clientTrust() {
    return trust == null ? null : trust[0];
  }

  /** A context for servers that gives whichever certificate is in force. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {manager}, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  private final class Manager extends X509ExtendedKeyManager {
    private static final String ALIAS = "weir";

    private boolean fits(String keyType) {
      String own = identity.key().getAlgorithm();
      return keyType.startsWith(own) || (own.startsWith("Ed") && keyType.startsWith("Ed"));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return fits(keyType) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return fits(keyType) ? ALIAS : null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return fits(keyType) ? new String[] {ALIAS} : new String[0];
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return identity.key();
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[0];
    }
  }
}
