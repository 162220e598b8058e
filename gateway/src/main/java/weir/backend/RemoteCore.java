package weir.backend;

import java.util.Set;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.remote.RemoteSettings;
import weir.remote.RemoteVariant;

/** A variant elsewhere, with the settings that it was opened with. */
record RemoteCore(RemoteSettings settings, RemoteVariant variant) implements Core {
  @Override
  public InferenceResult infer(InferenceRequest request) {
    return variant.infer(request);
  }

  @Override
  public boolean takes() {
    return variant.takes();
  }

  @Override
  public Set<String> leftOut() {
    return variant.leftOut();
  }

  @Override
  public boolean asks(String server) {
    return variant.asks(server);
  }

  @Override
  public void close() {
    variant.close();
  }
}
