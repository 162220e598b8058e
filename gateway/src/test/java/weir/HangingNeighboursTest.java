package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A collector and a webhook that accept and never answer, and Prometheus servers that ask and never
 * read: predictions, a rollout's end by local evidence and the stop wait for none of them.
 */
@Timeout(180)
class HangingNeighboursTest {
  private static final int SCRAPERS = 4;
  private static final int SCRAPES = 200;
  private static final String BODY =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[0.25]}]}";

  /** Far less than what the neighbours would be waited for. */
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(40);

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Socket> scrapers = new ArrayList<>();
  private ServerSocket silent;
  private Gateway gateway;

  @AfterEach
  void close() throws IOException {
    for (Socket scraper : scrapers) {
      scraper.close();
    }
    gateway.close();
    silent.close();
    client.close();
  }

  @BeforeEach
  void start() throws Exception {
    silent = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    String yaml =
        """
        http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s, write-timeout: 1m}
        grpc: {port: 0, drain: 1s}
        repository: {path: %s, warm-up-runs: 1}
        tracing: {endpoint: "http://127.0.0.1:%d", sampling-ratio: 1, export-timeout: 1m}
        notices: {timeout: 1m, webhooks: {silent: {url: "http://127.0.0.1:%d"}}}
        models:
          small:
            routing: {sticky: {by-header: x-user-id}, policy: {fixed: "1"}}
            rollout: {steps: [50, 100], step-min: 1m, step-max: 10m}
        """
            .formatted(
                ChildGateway.repository(folder, "healthy", "failing"),
                silent.getLocalPort(),
                silent.getLocalPort());
    gateway = Gateway.start(Settings.parse(yaml, folder.resolve("weir.yaml"), Map.of()));
  }

  /** A connection that asks for the metrics again and again, and reads none of them. */
  private static Socket scraper(Gateway gateway) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.managementPort()));
    socket
        .getOutputStream()
        .write(
            "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
                .repeat(SCRAPES)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private HttpResponse<String> ask(String method, int port, String path, String body, String unit)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("content-type", "application/json")
            .header("x-user-id", unit)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void rolloutAndStop_whileCollectorWebhookAndPrometheusHang_goOn() throws Exception {
    for (int i = 0; i < SCRAPERS; i++) {
      scrapers.add(scraper(gateway));
    }
    String model = "/admin/models/small";
    assertThat(
            ask(
                    "POST",
                    gateway.managementPort(),
                    model + "/rollout/start",
                    "{\"candidate\": \"2\"}",
                    "ann")
                .statusCode())
        .isEqualTo(200);

    String said = "";
    for (int i = 0; !said.contains("rolled-back"); i++) {
      HttpResponse<String> answer =
          ask("POST", gateway.port(), "/v2/models/small/infer", BODY, "unit-" + i);
      boolean candidate = answer.headers().firstValue("weir-variant").orElse("").equals("2");
      assertThat(answer.statusCode()).isEqualTo(candidate ? 502 : 200);
      said = ask("GET", gateway.managementPort(), model, "", "ann").body();
    }
    Await.until(
        "the rollback's entry in the audit trail",
        () ->
            ask("GET", gateway.managementPort(), "/admin/audit", "", "ann")
                .body()
                .contains("rollout-rolled-back"));

    long begun = System.nanoTime();
    gateway.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(STOPS_WITHIN);
  }
}
