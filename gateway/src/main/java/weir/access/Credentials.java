package weir.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a request shows of its sender: the two headers, empty when absent, and where it comes from.
 * Its text holds no secret.
 */
public record Credentials(String authorization, String apiKey, SocketAddress from) {
  private static final String BEARER = "bearer ";
  private static final int NETWORK_BYTES = 8;

  /** The key or token; empty when there is none, or in a scheme that is not Bearer. */
  String secret() {
    if (authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return authorization.substring(BEARER.length()).strip();
    }
    return authorization.isEmpty() ? apiKey.strip() : "";
  }

  boolean absent() {
    return authorization.isEmpty() && apiKey.isEmpty();
  }

  /** The address; of IPv6 the network, since one host has all addresses of it. */
  public String place() {
    if (!(from instanceof InetSocketAddress at) || at.getAddress() == null) {
      return "elsewhere";
    }
    InetAddress address = at.getAddress();
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES))
        : address.getHostAddress();
  }

  @Override
  public String toString() {
    return "credentials from " + place();
  }
}
