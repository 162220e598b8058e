package weir.grpc;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;
import weir.access.Certificates;

/** TLS of the gRPC door, by the same JDK code as the HTTP doors. */
final class DoorTls {
  private DoorTls() {}

  static SslContext of(Certificates certificates) {
    try {
      SslContextBuilder builder =
          GrpcSslContexts.configure(
                  SslContextBuilder.forServer(certificates.keyManager()), SslProvider.JDK)
              .protocols(Certificates.PROTOCOLS);
      if (certificates.clientTrust() != null) {
        builder.trustManager(certificates.clientTrust()).clientAuth(ClientAuth.REQUIRE);
      }
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("the JDK's TLS takes every certificate that it read", e);
    }
  }
}
