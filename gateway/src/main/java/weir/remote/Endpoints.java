package weir.remote;

import java.net.URI;
import weir.inference.Variant;
import weir.observation.Tracing;

/** Endpoints by the protocol that they speak. */
final class Endpoints {
  private Endpoints() {}

  static Endpoint open(RemoteSettings settings, URI address, Variant variant, Tracing tracing) {
    throw switch (settings.protocol()) {
      case OIP -> new UnsupportedOperationException("OIP");
      case GRPC -> new UnsupportedOperationException("GRPC");
      case JSON -> new UnsupportedOperationException("JSON");
    };
  }
}
