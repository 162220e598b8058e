package weir.access;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the doors prove who they are with: a certificate with its chain, and its private key
 * (PKCS#8), both PEM; read again when they change. {@code clientCa}: certificates of the
 * authorities of which every client must show one.
 */
public record TlsSettings(Path certificate, Path key, Optional<Path> clientCa) {
  /** The same with relative files made absolute from {@code folder}. */
  public TlsSettings resolvedFrom(Path folder) {
    return new TlsSettings(
        folder.resolve(certificate).normalize(),
        folder.resolve(key).normalize(),
        clientCa.map(file -> folder.resolve(file).normalize()));
  }
}
