package weir.access;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Addresses that the gateway never calls: link-local ones, and where clouds tell a machine its own
 * credentials. Names are held against the same by {@link GuardedLookup} whenever they are looked
 * up.
 */
public final class Destinations {
  private static final Set<String> METADATA_NAMES =
      Set.of(
          "metadata",
          "metadata.google.internal",
          "metadata.goog",
          "instance-data",
          "instance-data.ec2.internal");

  /** Where Amazon, Alibaba, Oracle and Azure answer beside the link-local address. */
  private static final List<InetAddress> METADATA =
      List.of(
          InetAddress.ofLiteral("fd00:ec2::254"),
          InetAddress.ofLiteral("fd20:ce::254"),
          InetAddress.ofLiteral("100.100.100.200"),
          InetAddress.ofLiteral("192.0.0.192"),
          InetAddress.ofLiteral("168.63.129.16"));

  /** Addresses that carry an IPv4 address in their last four bytes (RFC 6052). */
  private static final byte[] NAT64 =
      Arrays.copyOf(new byte[] {0, 0x64, (byte) 0xff, (byte) 0x9b}, 12);

  private Destinations() {}

  /** Whether this address is never called. */
  public static boolean refused(InetAddress address) {
    if (address.isLinkLocalAddress() || METADATA.contains(address)) {
      return true;
    }
    return address instanceof Inet6Address six
        && embedded(six).filter(Destinations::refused).isPresent();
  }

  private static Optional<InetAddress> embedded(Inet6Address address) {
    byte[] bytes = address.getAddress();
    boolean carries =
        address.isIPv4CompatibleAddress() || Arrays.equals(bytes, 0, 12, NAT64, 0, 12);
    if (!carries) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** Refuses a host of the configuration that is such a name or address. */
  public static void require(String key, String host) {
    refusal(key, host)
        .ifPresent(why -> {
          throw new IllegalArgumentException(why);
        });
  }

  /** Why a host of the configuration is never called; empty when it may be. */
  public static Optional<String> refusal(String key, String host) {
    String name = bare(host).toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return METADATA_NAMES.contains(plain)
            || literal(plain).filter(Destinations::refused).isPresent()
        ? Optional.of(
            "%s is at %s, a link-local address or a cloud's metadata service, which is never called"
                .formatted(key, host))
        : Optional.empty();
  }

  /**
   * Whether nobody beyond this machine reaches a door there; a name other than localhost may be.
   */
  static boolean loopback(String host) {
    String name = bare(host);
    return name.equals("localhost")
        || literal(name).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  private static String bare(String host) {
    return host.replace("[", "").replace("]", "");
  }

  /** Also in the old forms, such as one decimal number, that a lookup takes for an address. */
  private static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException _) {
      try {
        return Optional.of(Inet4Address.ofPosixLiteral(host));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
  }
}
