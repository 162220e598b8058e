package weir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Option;
import weir.access.Pem;

/** What a command shows a running gateway, and what it trusts in it. */
final class Passport {
  private static final String VARIABLE = "WEIR_API_KEY";

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "holds the API key; else it is in the variable WEIR_API_KEY")
  private Optional<Path> keyFile = Optional.empty();

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "certificates (PEM) of who vouches for an https address; else the system's")
  private Optional<Path> ca = Optional.empty();

  /** The value of Authorization; empty where there is no key. */
  Optional<String> authorization() {
    String key =
        keyFile
            .map(file -> {
              try {
                return Files.readString(file);
              } catch (IOException e) {
                throw new IllegalArgumentException(
                    "--key-file: %s cannot be read".formatted(file), e);
              }
            })
            .orElseGet(() -> Optional.ofNullable(System.getenv(VARIABLE)).orElse(""))
            .strip();
    if (!key.isEmpty() && !key.matches("[!-~]+")) {
      throw new IllegalArgumentException(
          "the API key has characters that none has: is it one line?");
    }
    return key.isEmpty() ? Optional.empty() : Optional.of("Bearer " + key);
  }

  /** Whom to trust; empty for the system's own authorities. */
  Optional<SSLContext> trust() {
    return ca.map(file -> {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, Pem.trusting(Pem.certificates(file)), null);
        return context;
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalArgumentException(
            "--ca: %s holds no certificates that can be read".formatted(file), e);
      }
    });
  }

  /** The gateway at an address that {@code option} gave. */
  RemoteGateway open(URI address, String option) {
    return new RemoteGateway(address, option, authorization(), trust());
  }
}
