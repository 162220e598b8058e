package weir.remote;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.inference.InferenceRequest;
import weir.inference.ModelSignature;
import weir.inference.Quoted;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.inference.Variant;
import weir.observation.Tracing;
import weir.oip.DecodeLimits;
import weir.oip.DecodedOutputs;
import weir.oip.Encoded;
import weir.oip.JsonPointer;
import weir.oip.RowDecoder;
import weir.oip.RowEncoder;
import weir.remote.RemoteFailure.Kind;

/** A plain service that takes rows as JSON by POST to its one address. */
final class JsonEndpoint implements Endpoint {
  private final URI uri;
  private final String path;
  private final String healthPath;
  private final ModelSignature signature;
  private final boolean oneRow;
  private final Tracing tracing;
  private final Exchange connections;
  private final Runnable close;
  private final StatusKinds kinds;
  private final RowEncoder encoder;
  private final List<RowDecoder.Place> places;
  private final RowDecoder decoder = new RowDecoder(DecodeLimits.defaults());

  JsonEndpoint(
      RemoteSettings settings,
      URI uri,
      Variant variant,
      Tracing tracing,
      Exchange connections,
      Runnable close) {
    JsonMapping mapping = settings.json();
    this.uri = uri;
    this.path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    this.healthPath = settings.health().path();
    this.signature =
        new ModelSignature(
            "json",
            settings.inputs().stream().map(TensorSettings::spec).toList(),
            settings.outputs().stream().map(TensorSettings::spec).toList());
    this.encoder =
        new RowEncoder(form(mapping.layout()), JsonPointer.parse(mapping.at()), mapping.fields());
    this.places =
        signature.outputs().stream().map(output -> place(output, mapping.outputs())).toList();
    this.oneRow = places.stream().anyMatch(place -> !place.pointer().each());
    this.tracing = tracing;
    this.connections = connections;
    this.close = close;
    this.kinds = new StatusKinds(variant);
  }

  /** Connects with the first call. */
  static JsonEndpoint open(RemoteSettings settings, URI uri, Variant variant, Tracing tracing) {
    URI root = URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    HttpConnections connections =
        new HttpConnections(root, settings.headers(), settings.connections());
    return new JsonEndpoint(settings, uri, variant, tracing, connections, connections::close);
  }

  private static RowEncoder.Form form(JsonMapping.Layout layout) {
    return switch (layout) {
      case OBJECT -> RowEncoder.Form.OBJECT;
      case OBJECTS -> RowEncoder.Form.OBJECTS;
      case ARRAYS -> RowEncoder.Form.ARRAYS;
      case COLUMNS -> RowEncoder.Form.COLUMNS;
    };
  }

  private static RowDecoder.Place place(TensorSpec output, Map<String, String> pointers) {
    String pointer = pointers.getOrDefault(output.name(), "");
    return new RowDecoder.Place(output, JsonPointer.parse(pointer));
  }

  @Override
  public String name() {
    return uri.getRawAuthority();
  }

  @Override
  public List<Tensor> infer(InferenceRequest request, long deadlineNanos) throws RemoteFailure {
    List<Tensor> inputs = inputs(request);
    Encoded.Body body =
        switch (encoder.encode(inputs)) {
          case Encoded.Body encoded -> encoded;
          case Encoded.Unsayable unsayable -> throw kinds.unsayable(unsayable.message());
        };
    int rows = (int) inputs.getFirst().shape().dimension(0);
    if (oneRow && rows != 1) {
      throw kinds.unsayable(rows + " rows, but its answer has a place for one");
    }
    Map<String, String> headers = new HashMap<>();
    tracing.propagate(headers::put);
    headers.put("content-type", "application/json");
    headers.put("accept", "application/json");
    HttpCall call = new HttpCall("POST", path, headers, body.bytes(), body.length());
    HttpReply reply = connections.exchange(call, deadlineNanos);
    kinds.require2xx(reply);
    return switch (decoder.decode(reply.body(), reply.length(), wanted(request.outputs()), rows)) {
      case DecodedOutputs.Valid(List<Tensor> outputs) ->
          AskedOutputs.inOrder(outputs, request.outputs(), kinds);
      case DecodedOutputs.Invalid(String message) -> throw kinds.invalid(message);
    };
  }

  /** The inputs in the order of the configuration, which is that of the columns. */
  private List<Tensor> inputs(InferenceRequest request) throws RemoteFailure {
    List<Tensor> ordered = new ArrayList<>(signature.inputs().size());
    for (TensorSpec spec : signature.inputs()) {
      ordered.add(
          request.inputs().stream()
              .filter(input -> input.name().equals(spec.name()))
              .findFirst()
              .orElseThrow(
                  () -> kinds.unsayable("it lacks the input " + Quoted.name(spec.name()))));
    }
    return ordered;
  }

  private List<RowDecoder.Place> wanted(List<String> outputs) {
    return outputs.isEmpty()
        ? places
        : places.stream().filter(place -> outputs.contains(place.spec().name())).toList();
  }

  /** What the configuration says, as such a service cannot. */
  @Override
  public ModelSignature describe(long deadlineNanos) {
    return signature;
  }

  @Override
  public void probe(long deadlineNanos) throws RemoteFailure {
    if (!healthPath.isEmpty()) {
      kinds.require2xx(connections.exchange(HttpCall.get(healthPath), deadlineNanos));
      return;
    }
    long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new RemoteFailure(Kind.TIMEOUT, "no time is left to reach " + name());
    }
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) Math.min(millis, Integer.MAX_VALUE));
    } catch (IOException _) {
      throw new RemoteFailure(Kind.UNREACHABLE, "no connection to " + name());
    }
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
