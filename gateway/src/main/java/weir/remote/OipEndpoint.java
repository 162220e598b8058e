package weir.remote;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.inference.InferenceRequest;
import weir.inference.ModelSignature;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.Tracing;
import weir.oip.DecodeLimits;
import weir.oip.DecodedOutputs;
import weir.oip.DecodedSignature;
import weir.oip.Encoded;
import weir.oip.InferenceRequestEncoder;
import weir.oip.InferenceResponseDecoder;
import weir.oip.MetadataDecoder;

/** A server of the Open Inference Protocol over HTTP. */
final class OipEndpoint implements Endpoint {
  private static final String JSON_LENGTH = "inference-header-content-length";

  private final String name;
  private final String path;
  private final boolean binary;
  private final Tracing tracing;
  private final Exchange connections;
  private final Runnable close;
  private final StatusKinds kinds;
  private final InferenceRequestEncoder encoder = new InferenceRequestEncoder();
  private final InferenceResponseDecoder decoder =
      new InferenceResponseDecoder(DecodeLimits.defaults());
  private final MetadataDecoder metadata = new MetadataDecoder(DecodeLimits.defaults());

  OipEndpoint(
      RemoteSettings settings,
      URI uri,
      Variant variant,
      Tracing tracing,
      Exchange connections,
      Runnable close) {
    this.name = uri.getRawAuthority();
    this.path =
        "/v2/models/"
            + segment(settings.model().orElse(variant.model()))
            + settings.version().map(version -> "/versions/" + segment(version)).orElse("");
    this.binary = settings.binary();
    this.tracing = tracing;
    this.connections = connections;
    this.close = close;
    this.kinds = new StatusKinds(variant);
  }

  /** Connects with the first call. */
  static OipEndpoint open(RemoteSettings settings, URI uri, Variant variant, Tracing tracing) {
    HttpConnections connections =
        new HttpConnections(uri, settings.headers(), settings.connections());
    return new OipEndpoint(settings, uri, variant, tracing, connections, connections::close);
  }

  private static String segment(String name) {
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return encoded.equals(".") || encoded.equals("..") ? encoded.replace(".", "%2E") : encoded;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Tensor> infer(InferenceRequest request, long deadlineNanos) throws RemoteFailure {
    Encoded.Body body =
        switch (encoder.encode(request, binary)) {
          case Encoded.Body encoded -> encoded;
          case Encoded.Unsayable unsayable -> throw kinds.unsayable(unsayable.message());
        };
    Map<String, String> headers = new HashMap<>();
    tracing.propagate(headers::put);
    if (body.jsonLength() < 0) {
      headers.put("content-type", "application/json");
    } else {
      headers.put("content-type", "application/octet-stream");
      headers.put(JSON_LENGTH, Integer.toString(body.jsonLength()));
    }
    HttpCall call = new HttpCall("POST", path + "/infer", headers, body.bytes(), body.length());
    HttpReply reply = connections.exchange(call, deadlineNanos);
    kinds.require2xx(reply);
    return switch (decoder.decode(reply.body(), reply.length(), jsonLength(reply))) {
      case DecodedOutputs.Valid(List<Tensor> outputs) ->
          AskedOutputs.inOrder(outputs, request.outputs(), kinds);
      case DecodedOutputs.Invalid(String message) -> throw kinds.invalid(message);
    };
  }

  private int jsonLength(HttpReply reply) throws RemoteFailure {
    String value = reply.header(JSON_LENGTH).strip();
    if (value.isEmpty()) {
      return -1;
    }
    if (!value.matches("[0-9]{1,9}")) {
      throw kinds.invalid("the header Inference-Header-Content-Length is no length");
    }
    return Integer.parseInt(value);
  }

  @Override
  public ModelSignature describe(long deadlineNanos) throws RemoteFailure {
    HttpReply reply = connections.exchange(HttpCall.get(path), deadlineNanos);
    kinds.require2xx(reply);
    return switch (metadata.decode(reply.body(), reply.length())) {
      case DecodedSignature.Valid(ModelSignature signature) -> signature;
      case DecodedSignature.Invalid(String message) -> throw kinds.invalid(message);
    };
  }

  @Override
  public void probe(long deadlineNanos) throws RemoteFailure {
    kinds.require2xx(connections.exchange(HttpCall.get(path + "/ready"), deadlineNanos));
  }

  @Override
  public int active() {
    return connections.active();
  }

  @Override
  public int idle() {
    return connections.idle();
  }

  @Override
  public void close() {
    close.run();
  }
}
