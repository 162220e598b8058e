package weir.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks the gateway over HTTP/1.1: prices on one port, metrics on the other. Any thread may ask. */
final class GatewayClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int MESSAGE_LENGTH_MAX = 120;

  private final URI infer;
  private final URI feedback;
  private final URI model;
  private final URI metrics;
  private final ObjectMapper json = new ObjectMapper();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  GatewayClient(DemoPlan.Target target) {
    this.infer = target.protocol().resolve("/v2/models/" + target.model() + "/infer");
    this.feedback = target.protocol().resolve("/v2/models/" + target.model() + "/feedback");
    this.model = target.management().resolve("/admin/models/" + target.model() + "/");
    this.metrics = target.management().resolve("/metrics");
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .executor(threads)
            .build();
  }

  /** The price of one stone for one user; every fault but an interrupt is a {@link Reply}. */
  Reply price(Diamond diamond, String user) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(infer)
            .timeout(ANSWER)
            .header("content-type", "application/json")
            .header("x-user-id", user)
            .POST(HttpRequest.BodyPublishers.ofString(body(diamond).toString(), UTF_8))
            .build();
    try {
      return reply(http.send(request, text(1 << 20)));
    } catch (IOException e) {
      return new Reply.Failed("", reason(e), false);
    }
  }

  /** The metrics page in Prometheus' text format. */
  String metrics() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(metrics)
            .timeout(ANSWER)
            .header("accept", "text/plain;version=0.0.4")
            .GET()
            .build();
    HttpResponse<String> response = http.send(request, text(16 << 20));
    if (response.statusCode() != 200) {
      throw new IOException("%s answered %d".formatted(metrics, response.statusCode()));
    }
    return response.body();
  }

  /** Tells outcomes, one JSON object a line; how many were accepted. */
  long feedback(String lines) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(feedback)
                .timeout(ANSWER)
                .header("content-type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines, UTF_8))
                .build(),
            text(1 << 20));
    JsonNode answer = read(response.body());
    return answer.path("result").asText().equals("accepted") ? 1 : answer.path("accepted").asLong();
  }

  /** Asks for a rollout; the reason when it is refused, else "". */
  String startRollout(String candidate) throws IOException, InterruptedException {
    ObjectNode body = json.createObjectNode().put("candidate", candidate).put("why", "the demo");
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(model.resolve("rollout/start"))
                .timeout(ANSWER)
                .header("content-type", "application/json")
                .header("weir-actor", "demo")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString(), UTF_8))
                .build(),
            text(1 << 20));
    return response.statusCode() == 200
        ? ""
        : cut(read(response.body()).path("error").asText("status " + response.statusCode()));
  }

  /** Where the model stands: its policy and its rollout. */
  JsonNode status() throws IOException, InterruptedException {
    return get(URI.create(model.toString().substring(0, model.toString().length() - 1)));
  }

  /** The model's drift report; empty when nothing is watched yet. */
  JsonNode drift() throws IOException, InterruptedException {
    return get(model.resolve("drift"));
  }

  private JsonNode get(URI address) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(ANSWER).GET().build();
    return read(http.send(request, text(16 << 20)).body());
  }

  private static BodyHandler<String> text(int bytesMax) {
    return BodyHandlers.limiting(BodyHandlers.ofString(UTF_8), bytesMax);
  }

  private ObjectNode body(Diamond diamond) {
    ObjectNode body = json.createObjectNode();
    ArrayNode inputs = body.putArray("inputs");
    input(inputs, "carat", "FP32").add(diamond.carat());
    input(inputs, "depth", "FP32").add(diamond.depth());
    input(inputs, "table", "FP32").add(diamond.table());
    input(inputs, "x", "FP32").add(diamond.x());
    input(inputs, "y", "FP32").add(diamond.y());
    input(inputs, "z", "FP32").add(diamond.z());
    input(inputs, "cut", "BYTES").add(diamond.cut());
    input(inputs, "color", "BYTES").add(diamond.color());
    input(inputs, "clarity", "BYTES").add(diamond.clarity());
    return body;
  }

  private static ArrayNode input(ArrayNode inputs, String name, String datatype) {
    ObjectNode input = inputs.addObject().put("name", name).put("datatype", datatype);
    input.putArray("shape").add(1).add(1);
    return input.putArray("data");
  }

  private Reply reply(HttpResponse<String> response) {
    String version = response.headers().firstValue("weir-variant").orElse("");
    JsonNode body = read(response.body());
    if (response.statusCode() != 200) {
      String error = body.path("error").asText("no reason given");
      return new Reply.Failed(version, cut(response.statusCode() + ": " + error), true);
    }
    for (JsonNode output : body.path("outputs")) {
      JsonNode price = output.path("data").path(0);
      if (output.path("name").asText().equals("price") && price.isNumber()) {
        String id = response.headers().firstValue("weir-prediction-id").orElse("");
        return new Reply.Priced(version, id, price.asDouble());
      }
    }
    return new Reply.Failed(version, "an answer without a price", true);
  }

  private JsonNode read(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      return json.missingNode();
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case ConnectException _ -> "the gateway accepts no connection";
      case HttpTimeoutException _ -> "no answer within " + ANSWER.toSeconds() + " s";
      default -> cut("the connection broke: " + e.getMessage());
    };
  }

  /** One short line: what comes over the wire must not disturb a terminal. */
  private static String cut(String message) {
    String line = message.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= MESSAGE_LENGTH_MAX
        ? line
        : line.substring(0, MESSAGE_LENGTH_MAX - 3) + "...";
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
    threads.close();
  }
}
