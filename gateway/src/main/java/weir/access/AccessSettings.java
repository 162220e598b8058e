package weir.access;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may ask this gateway, and whom it may ask.
 *
 * <p>Callers must say who they are as soon as {@code keys} (a file that {@code weir key} writes) or
 * {@code tokens} are named. Without both, only loopback addresses are listened on, unless {@code
 * mode} is open. {@code openMetrics} lets anyone read {@code /metrics}. {@code destinations} are
 * the hosts that variants and webhooks may be at, {@code *.example.com} those below one; empty is
 * any. {@code trustedProxies} are the addresses and networks of proxies before the doors, whose
 * {@code X-Forwarded-For} says where a caller is.
 */
public record AccessSettings(
    Mode mode,
    Optional<Path> keys,
    Optional<TokenSettings> tokens,
    LimitSettings limits,
    boolean openMetrics,
    List<String> destinations,
    List<String> trustedProxies) {
  /** Whether somebody without a key may be let in from elsewhere. */
  public enum Mode {
    AUTO,
    OPEN
  }

  public AccessSettings {
    destinations = List.copyOf(destinations);
    trustedProxies = List.copyOf(trustedProxies);
    TrustedProxies.of(trustedProxies);
    if (mode == Mode.OPEN && (keys.isPresent() || tokens.isPresent())) {
      throw new IllegalArgumentException(
          "mode open lets everyone in, so keys and tokens mean nothing: remove it or them");
    }
  }

  public static AccessSettings defaults() {
    return new AccessSettings(
        Mode.AUTO,
        Optional.empty(),
        Optional.empty(),
        LimitSettings.defaults(),
        false,
        List.of(),
        List.of());
  }

  /** Whether callers must say who they are. */
  public boolean required() {
    return keys.isPresent() || tokens.isPresent();
  }

  /** Why a door may not listen there; empty when it may. {@code key} is the address's setting. */
  public Optional<String> exposed(String key, String host) {
    if (required() || mode == Mode.OPEN || Destinations.loopback(host)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: %s can be reached from other machines, and nobody would have to say who they are: make a key with 'ops/weir key create' and write access: {keys: access.keys}, or write access: {mode: open} to let everyone in"
            .formatted(key, host.isEmpty() ? "''" : host));
  }

  /** Why the gateway may not call this host; empty when it may. */
  public Optional<String> refusal(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    boolean listed =
        destinations.isEmpty()
            || destinations.stream().anyMatch(each -> fits(each.toLowerCase(Locale.ROOT), name));
    return listed
        ? Optional.empty()
        : Optional.of("the host %s is not among access.destinations: add it there".formatted(host));
  }

  private static boolean fits(String listed, String name) {
    return listed.startsWith("*.")
        ? name.endsWith(listed.substring(1)) && name.length() >= listed.length()
        : name.equals(listed);
  }

  /** The same with a relative keys file made absolute from {@code folder}. */
  public AccessSettings resolvedFrom(Path folder) {
    return new AccessSettings(
        mode,
        keys.map(file -> folder.resolve(file).normalize()),
        tokens,
        limits,
        openMetrics,
        destinations,
        trustedProxies);
  }
}
