package weir;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.time.Duration;

/** The ways in which a server over HTTP is spoken with. */
enum RemoteSpeech {
  OIP("protocol: oip", ""),
  OIP_BINARY("protocol: oip, binary: true", ""),
  PLAIN(
      """
      protocol: json, json: {layout: objects, outputs: {price: "/prices/*"}}, inputs: [
      {name: carat, datatype: FP32, shape: [-1, 1]}, {name: depth, datatype: FP32, shape: [-1, 1]},
      {name: table, datatype: FP32, shape: [-1, 1]}, {name: x, datatype: FP32, shape: [-1, 1]},
      {name: y, datatype: FP32, shape: [-1, 1]}, {name: z, datatype: FP32, shape: [-1, 1]},
      {name: cut, datatype: BYTES, shape: [-1, 1]}, {name: color, datatype: BYTES, shape: [-1, 1]},
      {name: clarity, datatype: BYTES, shape: [-1, 1]}],
      outputs: [{name: price, datatype: FP32, shape: [-1, 1]}]\
      """
          .replace("\n", " "),
      "/predict");

  private final String settings;
  private final String path;

  RemoteSpeech(String settings, String path) {
    this.settings = settings;
    this.path = path;
  }

  /** An answer as it should be. */
  ResponseDefinitionBuilder right() {
    return switch (this) {
      case OIP -> RemoteServer.json(RemoteServer.answer("1234.5"));
      case OIP_BINARY -> RemoteServer.binary(RemoteServer.PRICE);
      case PLAIN -> RemoteServer.json("{\"prices\":[1234.5]}");
    };
  }

  /** The diamonds with this server as the version {@code far}. */
  String variant(int port, Duration deadline) {
    return """
    diamond-price:
      routing: {policy: {fixed: "1"}}
      serving: {deadline: %dms}
      variants:
        far: {endpoints: ["http://127.0.0.1:%d%s"], %s,
              connections: {max-answer: 64KiB},
              resilience: {retry-budget: 0, breaker-failures: 0},
              health: {interval: 1h}}
    """
        .formatted(deadline.toMillis(), port, path, settings);
  }
}
