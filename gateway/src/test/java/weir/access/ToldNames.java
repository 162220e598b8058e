package weir.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.stream.Stream;

/**
 * The guarded lookup of a process over names that a test made up, {@code *.link.test} at a
 * link-local address and {@code *.both.test} at one beside this machine's.
 *
 * <p>The link-local address is of no network, so that nothing is called should the guard fail.
 */
public final class ToldNames extends InetAddressResolverProvider {
  private static final InetAddress LINK_LOCAL = InetAddress.ofLiteral("fe80::1");

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver system = configuration.builtinResolver();
    return GuardedLookup.guarding(
        new InetAddressResolver() {
          @Override
          public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
              throws UnknownHostException {
            return host.endsWith(".test")
                ? addresses(host).stream()
                : system.lookupByName(host, policy);
          }

          @Override
          public String lookupByAddress(byte[] address) throws UnknownHostException {
            return system.lookupByAddress(address);
          }
        });
  }

  private static List<InetAddress> addresses(String host) {
    return host.endsWith(".both.test")
        ? List.of(LINK_LOCAL, InetAddress.getLoopbackAddress())
        : List.of(LINK_LOCAL);
  }

  @Override
  public String name() {
    return "told-names";
  }
}
