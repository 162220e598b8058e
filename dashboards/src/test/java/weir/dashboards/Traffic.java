package weir.dashboards;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Requests of every kind that a panel shows: new and repeated, pinned, refused, traced; and
 * feedback on the answers to new ones; now and then a client that is cut off.
 */
final class Traffic implements AutoCloseable {
  private static final int KINDS = 10;
  private static final int PATIENCE_MILLIS = 5_000;
  private static final byte[] NO_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final byte[] DATA_OF_NO_STREAM = {0, 0, 1, 0, 0, 0, 0, 0, 0, 'x'};

  private final URI gateway;
  private final HttpClient client = HttpClient.newHttpClient();
  private final RandomGenerator random =
      RandomGeneratorFactory.of("L64X128MixRandom").create(20_261_122);
  private final Set<String> traceIds = new TreeSet<>();
  private final List<String> feedback = new ArrayList<>();
  private int sent;

  Traffic(URI gateway) {
    this.gateway = gateway;
  }

  /** Sends that many requests, one after the other, then the feedback on them. */
  void send(int count) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      sendOne(sent++);
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway + "/models/diamond-price/feedback"))
            .POST(HttpRequest.BodyPublishers.ofString(String.join("\n", feedback)))
            .build();
    feedback.clear();
    client.send(request, HttpResponse.BodyHandlers.discarding());
    sendWrongFrame();
  }

  /** A client that the door ends: data of HTTP/2 on the stream that never has any. */
  private void sendWrongFrame() throws IOException {
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.write(NO_SETTINGS);
      out.write(DATA_OF_NO_STREAM);
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
  }

  /** The trace ids of the sampled requests so far. */
  Set<String> traceIds() {
    return traceIds;
  }

  private void sendOne(int number) throws IOException, InterruptedException {
    String newStone = stone(0.2 + number % 40_000 / 10_000.0);
    String repeatedStone = stone(0.5);
    switch (number % KINDS) {
      case 0 -> post("diamond-price", number, "{");
      case 1 -> post("diamond-price", number, newStone.replace("carat", "karat"));
      case 2 -> post("no-such-model", number, newStone);
      case 3 -> post("diamond-price/versions/2", number, newStone);
      case 4, 5, 6 -> post("diamond-price", number, repeatedStone);
      default ->
          post("diamond-price", number, newStone)
              .headers()
              .firstValue("weir-prediction-id")
              .ifPresent(id -> feedback.add("{\"id\": \"" + id + "\", \"actual\": 3000}"));
    }
  }

  private static String stone(double carat) {
    return String.format(
        Locale.ROOT,
        """
        {"inputs":[
         {"name":"carat","shape":[1,1],"datatype":"FP32","data":[%.4f]},
         {"name":"depth","shape":[1,1],"datatype":"FP32","data":[61.5]},
         {"name":"table","shape":[1,1],"datatype":"FP32","data":[55]},
         {"name":"x","shape":[1,1],"datatype":"FP32","data":[5.1]},
         {"name":"y","shape":[1,1],"datatype":"FP32","data":[5.1]},
         {"name":"z","shape":[1,1],"datatype":"FP32","data":[3.2]},
         {"name":"cut","shape":[1,1],"datatype":"BYTES","data":["Ideal"]},
         {"name":"color","shape":[1,1],"datatype":"BYTES","data":["E"]},
         {"name":"clarity","shape":[1,1],"datatype":"BYTES","data":["SI1"]}]}\
        """,
        carat);
  }

  private HttpResponse<Void> post(String model, int number, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway + "/models/" + model + "/infer"))
            .header("x-user-id", "user-" + number)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (number % 3 == 0) {
      request.header("traceparent", sampledTrace());
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.discarding());
  }

  private String sampledTrace() {
    HexFormat hex = HexFormat.of();
    String traceId = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    traceIds.add(traceId);
    return "00-%s-%s-01".formatted(traceId, hex.toHexDigits(random.nextLong() | 1));
  }

  @Override
  public void close() {
    client.close();
  }
}
