package weir.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers like the gateway on one loopback port: a tenth of the users meet version 2, which fails
 * when it is told to; every third answer is said to come from the cache.
 */
final class StubGateway implements AutoCloseable {
  static final int ENOUGH = 300;

  private final ObjectMapper json = new ObjectMapper();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final boolean secondFails;
  private final AtomicLong asked = new AtomicLong();
  private final CountDownLatch enough = new CountDownLatch(ENOUGH);
  private final Queue<JsonNode> bodies = new ConcurrentLinkedQueue<>();

  StubGateway(boolean secondFails) throws IOException {
    this.secondFails = secondFails;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(threads);
    server.createContext("/v2/models/diamond-price/infer", this::infer);
    server.createContext("/metrics", this::metrics);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  long asked() {
    return asked.get();
  }

  /** Waits for the {@value #ENOUGH}th request. */
  void awaitEnough() throws InterruptedException {
    assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
  }

  JsonNode someBody() {
    return bodies.element();
  }

  private void infer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    enough.countDown();
    JsonNode body = json.readTree(exchange.getRequestBody());
    bodies.add(body);
    String user = exchange.getRequestHeaders().getFirst("x-user-id");
    boolean second = user.endsWith("7");
    exchange.getResponseHeaders().set("weir-variant", second ? "2" : "1");
    if (second && secondFails) {
      send(exchange, 503, "{\"error\":\"version 2 is\\u001b[2J overloaded\"}");
      return;
    }
    exchange.getResponseHeaders().set("weir-prediction-id", "p-" + asked.get());
    double price = 4_000 * body.at("/inputs/0/data/0").asDouble();
    send(
        exchange,
        200,
        """
        {"model_name":"diamond-price","outputs":[
          {"name":"price","datatype":"FP32","shape":[1,1],"data":[%s]}]}\
        """
            .formatted(price));
  }

  private void metrics(HttpExchange exchange) throws IOException {
    send(
        exchange,
        200,
        """
        weir_cache_requests_total{model="diamond-price",result="hit",variant="1"} %d
        weir_cache_requests_total{model="diamond-price",result="miss",variant="1"} %d
        """
            .formatted(asked.get() / 3 + 1_000, asked.get() - asked.get() / 3));
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
