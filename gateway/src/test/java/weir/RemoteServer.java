package weir;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A server of the diamonds that answers as it is told, rightly or not. */
final class RemoteServer implements AutoCloseable {
  static final float PRICE = 1234.5f;

  /** What a server of the Open Inference Protocol says of the diamonds. */
  private static final String METADATA =
      """
      {"name":"diamond-price","versions":["1"],"platform":"fake","inputs":[%s],
       "outputs":[{"name":"price","datatype":"FP32","shape":[-1,1]}]}\
      """
          .formatted(
              String.join(
                  ",",
                  input("carat", "FP32"),
                  input("depth", "FP32"),
                  input("table", "FP32"),
                  input("x", "FP32"),
                  input("y", "FP32"),
                  input("z", "FP32"),
                  input("cut", "BYTES"),
                  input("color", "BYTES"),
                  input("clarity", "BYTES")));

  private final WireMockServer server =
      new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1").containerThreads(128));

  private RemoteServer() {}

  static RemoteServer start() {
    RemoteServer remote = new RemoteServer();
    remote.server.start();
    remote.server.stubFor(
        get(urlMatching("/v2/models/diamond-price(/versions/[^/]+)?")).willReturn(json(METADATA)));
    remote.server.stubFor(
        get(urlMatching("/v2/models/diamond-price(/versions/[^/]+)?/ready"))
            .willReturn(json("{\"ready\":true}")));
    return remote;
  }

  private static String input(String name, String datatype) {
    return "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":[-1,1]}".formatted(name, datatype);
  }

  static ResponseDefinitionBuilder json(String body) {
    return aResponse().withHeader("Content-Type", "application/json").withBody(body);
  }

  /** A right answer of the protocol, its price as written. */
  static String answer(String price) {
    return """
    {"model_name":"diamond-price","model_version":"1","outputs":[
     {"name":"price","datatype":"FP32","shape":[1,1],"data":[%s]}]}\
    """
        .formatted(price);
  }

  /** The same with the price as raw bytes behind the JSON. */
  static ResponseDefinitionBuilder binary(float price) {
    byte[] head =
        """
        {"model_name":"diamond-price","model_version":"1","outputs":[
         {"name":"price","datatype":"FP32","shape":[1,1],"parameters":{"binary_data_size":4}}]}\
        """
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer body =
        ByteBuffer.allocate(head.length + 4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(head)
            .putFloat(price);
    return aResponse()
        .withHeader("Content-Type", "application/octet-stream")
        .withHeader("Inference-Header-Content-Length", Integer.toString(head.length))
        .withBody(body.array());
  }

  /** From now on every POST is answered so. */
  RemoteServer answers(ResponseDefinitionBuilder response) {
    server.stubFor(post(anyUrl()).willReturn(response));
    return this;
  }

  int port() {
    return server.port();
  }

  /** How many POSTs have come. */
  long asked() {
    return server.getAllServeEvents().stream()
        .filter(event -> event.getRequest().getMethod().getName().equals("POST"))
        .count();
  }

  /** How many GETs of that path have come. */
  long visited(String path) {
    return server.getAllServeEvents().stream()
        .filter(event -> event.getRequest().getUrl().equals(path))
        .count();
  }

  @Override
  public void close() {
    server.stop();
  }
}
