package weir.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The process's own way of looking names up, less the addresses that {@link Destinations} refuses.
 *
 * <p>It stands below every client in the process, HTTP, gRPC and webhooks alike, and they connect
 * to the addresses that it gave: a name that later points elsewhere cannot lead there either. Found
 * by the JDK through {@code META-INF/services}.
 */
public final class GuardedLookup extends InetAddressResolverProvider {
  /** A JDK that is given a table of names asks nobody else. */
  private static final String TABLE = "jdk.net.hosts.file";

  /** Why names are not looked up here in this process; empty when they are. */
  public static Optional<String> bypassed() {
    return Optional.ofNullable(System.getProperty(TABLE))
        .map(_ ->
            "-D%s makes the JDK look names up past the list of addresses that are never called: remove it, and use the machine's own table of names"
                .formatted(TABLE));
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    return guarding(configuration.builtinResolver());
  }

  static InetAddressResolver guarding(InetAddressResolver system) {
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        List<InetAddress> all = system.lookupByName(host, policy).toList();
        List<InetAddress> allowed =
            all.stream().filter(address -> !Destinations.refused(address)).toList();
        if (allowed.isEmpty() && !all.isEmpty()) {
          throw new UnknownHostException(host + " has only link-local or metadata addresses");
        }
        return allowed.stream();
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        return system.lookupByAddress(address);
      }
    };
  }

  @Override
  public String name() {
    return "weir";
  }
}
