package weir.remote;

import java.net.URI;
import weir.inference.Variant;
import weir.observation.Tracing;

/** Endpoints by the protocol that they speak. */
final class Endpoints {
  private Endpoints() {}

  static Endpoint open(RemoteSettings settings, URI address, Variant variant, Tracing tracing) {
    return switch (settings.protocol()) {
      case OIP -> OipEndpoint.open(settings, address, variant, tracing);
      case GRPC -> GrpcEndpoint.open(settings, address, variant, tracing);
      case JSON -> JsonEndpoint.open(settings, address, variant, tracing);
    };
  }
}
