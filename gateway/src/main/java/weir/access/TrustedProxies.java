package weir.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells the caller's address from the proxy's that stands before the doors.
 *
 * <p>Each proxy adds the address that it was called from at the end of {@code X-Forwarded-For}, and
 * everything before may be made up by the caller. So the header is read from the right, only when
 * the peer is a trusted proxy, past the addresses of trusted proxies: the first other one is the
 * caller. What is no plain address ends the reading, and the last proxy counts as the caller.
 */
final class TrustedProxies {
  /** More proxies in a row than any network has. */
  private static final int HOPS_MAX = 16;

  private static final Pattern FOUR =
      Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})");
  private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern PORT = Pattern.compile(":\\d{1,5}");

  private record Network(InetAddress address, int bits) {
    static Network of(String text) {
      int slash = text.indexOf('/');
      String host = slash < 0 ? text : text.substring(0, slash);
      InetAddress address =
          literal(host)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "trusted-proxies has '%s', which is no address and no network like 10.0.0.0/8"
                          .formatted(text)));
      int length = address.getAddress().length * 8;
      Network network = new Network(address, slash < 0 ? length : bits(text, slash, length));
      if (!network.first()) {
        throw new IllegalArgumentException(
            "trusted-proxies has '%s', whose address has bits beyond its length".formatted(text));
      }
      return network;
    }

    private static int bits(String text, int slash, int length) {
      String bits = text.substring(slash + 1);
      if (!bits.matches("[1-9]\\d{0,2}") || Integer.parseInt(bits) > length) {
        throw new IllegalArgumentException(
            "trusted-proxies has '%s', whose length must lie between 1 and %d"
                .formatted(text, length));
      }
      return Integer.parseInt(bits);
    }

    /** Whether every bit beyond the length is 0. */
    private boolean first() {
      byte[] bytes = address.getAddress();
      for (int bit = bits; bit < bytes.length * 8; bit++) {
        if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) {
          return false;
        }
      }
      return true;
    }

    boolean has(InetAddress other) {
      byte[] own = address.getAddress();
      byte[] asked = other.getAddress();
      int whole = bits / 8;
      if (own.length != asked.length || !Arrays.equals(own, 0, whole, asked, 0, whole)) {
        return false;
      }
      int rest = bits % 8;
      return rest == 0 || (own[whole] & 0xff) >> (8 - rest) == (asked[whole] & 0xff) >> (8 - rest);
    }
  }

  private final List<Network> networks;

  private TrustedProxies(List<Network> networks) {
    this.networks = networks;
  }

  /** Addresses, and networks such as 10.0.0.0/8 or fd00::/8. */
  static TrustedProxies of(List<String> written) {
    return new TrustedProxies(written.stream().map(Network::of).toList());
  }

  /** Where the caller is; {@code forwardedFor} is the header, its lines joined by commas. */
  SocketAddress caller(SocketAddress peer, String forwardedFor) {
    if (networks.isEmpty()
        || forwardedFor.isEmpty()
        || !(peer instanceof InetSocketAddress at)
        || at.getAddress() == null
        || !trusted(at.getAddress())) {
      return peer;
    }
    InetAddress seen = at.getAddress();
    int end = forwardedFor.length();
    for (int hop = 0; hop < HOPS_MAX && end >= 0; hop++) {
      int comma = forwardedFor.lastIndexOf(',', end - 1);
      Optional<InetAddress> before = address(forwardedFor.substring(comma + 1, end).strip());
      if (before.isEmpty()) {
        break;
      }
      seen = before.get();
      if (!trusted(seen)) {
        break;
      }
      end = comma;
    }
    return new InetSocketAddress(seen, 0);
  }

  private boolean trusted(InetAddress address) {
    for (Network network : networks) {
      if (network.has(address)) {
        return true;
      }
    }
    return false;
  }

  /** An address, also as some proxies write it: with a port, of IPv6 in brackets. */
  private static Optional<InetAddress> address(String text) {
    int bracket = text.lastIndexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      String port = text.substring(bracket + 1);
      return port.isEmpty() || PORT.matcher(port).matches()
          ? literal(text.substring(1, bracket)).filter(Inet6Address.class::isInstance)
          : Optional.empty();
    }
    int colon = text.indexOf(':');
    boolean one = colon >= 0 && colon == text.lastIndexOf(':');
    return one && PORT.matcher(text.substring(colon)).matches()
        ? literal(text.substring(0, colon))
        : literal(text);
  }

  /** Four decimal numbers, or IPv6 without a zone; none of the older forms. */
  private static Optional<InetAddress> literal(String text) {
    if (!FOUR.matcher(text).matches() && !SIX.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
