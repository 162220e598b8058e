package weir.http;

import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import java.util.List;
import weir.access.Certificates;

/** TLS of the HTTP doors, HTTP/2 and HTTP/1.1 by ALPN. */
final class DoorTls {
  private static final List<String> SPOKEN = List.of("h2", "http/1.1");

  private DoorTls() {}

  static Tls of(Certificates certificates) {
    return Tls.builder()
        .sslContext(certificates.context())
        .enabledProtocols(Certificates.PROTOCOLS)
        .applicationProtocols(SPOKEN)
        .endpointIdentificationAlgorithm(Tls.ENDPOINT_IDENTIFICATION_NONE)
        .clientAuth(certificates.ofClients() ? TlsClientAuth.REQUIRED : TlsClientAuth.NONE)
        .build();
  }
}
