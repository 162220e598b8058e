package weir.backend;

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
  public void close() {
    variant.close();
  }
}
