package weir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * Certificates made by the JDK's keytool: of doors on this machine, which vouch for themselves, and
 * of their clients.
 */
final class TestCertificate {
  private static final String PASSWORD = "for-tests-only";

  private TestCertificate() {}

  /** Writes {@code tls.crt} and {@code tls.key}; the name tells certificates apart. */
  static void write(Path folder, String name) throws Exception {
    KeyStore store = store(folder, name);
    write(folder.resolve("tls.crt"), "CERTIFICATE", store.getCertificate("weir").getEncoded());
    write(
        folder.resolve("tls.key"),
        "PRIVATE KEY",
        store.getKey("weir", PASSWORD.toCharArray()).getEncoded());
  }

  /**
   * A client's certificate of an authority of its own, whose certificate is written as {@code
   * NAME-ca.crt}.
   */
  static KeyManager ofClient(Path folder, String name) throws Exception {
    Path file = folder.resolve(name + "-client.p12");
    generate(file, "authority", "CN=%s authority".formatted(name), "-ext", "bc:c");
    generate(file, "weir", "CN=" + name, "-signer", "authority", "-ext", "eku=clientAuth");
    KeyStore store = loaded(file);
    write(
        folder.resolve(name + "-ca.crt"),
        "CERTIFICATE",
        store.getCertificate("authority").getEncoded());
    store.deleteEntry("authority");
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, PASSWORD.toCharArray());
    return factory.getKeyManagers()[0];
  }

  private static KeyStore store(Path folder, String name) throws Exception {
    Path file = folder.resolve(name + ".p12");
    generate(file, "weir", "CN=" + name, "-ext", "san=ip:127.0.0.1,dns:localhost");
    return loaded(file);
  }

  private static void generate(Path file, String alias, String subject, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", subject));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", file.toString()));
    command.addAll(List.of("-storepass", PASSWORD));
    command.addAll(List.of(options));
    Path log = file.resolveSibling(file.getFileName() + ".log");
    Process keytool =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException(Files.readString(log));
    }
  }

  private static KeyStore loaded(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static void write(Path file, String kind, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind));
  }
}
