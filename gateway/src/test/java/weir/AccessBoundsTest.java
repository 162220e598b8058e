package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway with keys holds back: callers in a hurry, pages of other sites, and secrets. */
@Timeout(180)
class AccessBoundsTest {
  private static final String INFER = KeyedGateway.INFER;
  private static final String SPLIT = KeyedGateway.SPLIT;

  @TempDir private Path folder;
  private KeyedGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = KeyedGateway.start(folder);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void infer_aboveTheCallersRate_says429AndWhen() throws Exception {
    assertThat(gateway.infer(INFER, "x-api-key", gateway.slowKey()).statusCode()).isEqualTo(200);

    HttpResponse<String> over = gateway.infer(INFER, "x-api-key", gateway.slowKey());
    assertThat(over.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(over.headers().firstValue("retry-after").orElse("0")))
        .isBetween(10, 100);
    assertThat(over.body()).startsWith("{\"error\":\"slow may ask 0.01 times a second");
  }

  @Test
  void preflight_ofAListedOrigin_isAnsweredWithoutAKeyAndOnTheProtocolsPortAlone()
      throws Exception {
    HttpResponse<String> allowed = preflight(gateway.port(), INFER, "https://app.example.com");
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(allowed.headers().firstValue("access-control-allow-origin"))
        .contains("https://app.example.com");
    assertThat(allowed.headers().firstValue("access-control-allow-headers"))
        .contains("authorization,content-type");
    HttpResponse<String> answer =
        gateway.infer(INFER, "x-api-key", gateway.inferKey(), "origin", "https://app.example.com");
    assertThat(answer.headers().firstValue("access-control-expose-headers").orElse(""))
        .contains("weir-variant", "weir-prediction-id", "traceparent");

    HttpResponse<String> other = preflight(gateway.port(), INFER, "https://evil.example.com");
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
    HttpResponse<String> management =
        preflight(gateway.managementPort(), SPLIT, "https://app.example.com");
    assertThat(management.statusCode()).isEqualTo(405);
    assertThat(management.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  private HttpResponse<String> preflight(int port, String path, String origin) throws Exception {
    return gateway.ask(
        port,
        "OPTIONS",
        path,
        "",
        "origin",
        origin,
        "access-control-request-method",
        "POST",
        "access-control-request-headers",
        "authorization,content-type");
  }

  @Test
  void refusedAndFailedRequests_leaveNoKeyAndNoValueBehind() throws Exception {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    Handler handler = capturing(lines);
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try {
      String value = "\"sekret-value-7391\"";
      String malformed = TestGateway.STONE.replace("\"Ideal\"", value);
      String misfit = TestGateway.STONE.replace("[0.5]", "[73917391.5, 73917391.5]");
      StringBuilder answers = new StringBuilder();
      String wrong =
          gateway.inferKey().substring(0, 30) + "sekret" + gateway.inferKey().substring(36);
      for (String body : new String[] {malformed, misfit, malformed + value, "{" + value}) {
        for (String key :
            new String[] {gateway.inferKey(), wrong, gateway.slowKey(), gateway.operateKey()}) {
          HttpResponse<String> answer =
              gateway.ask(gateway.port(), "POST", INFER, body, "authorization", "Bearer " + key);
          answers.append(answer.statusCode() == 200 ? "" : answer.body() + answer.headers());
        }
      }
      answers.append(gateway.admin("POST", SPLIT, "{\"weights\": 1}", wrong).body());
      answers.append(gateway.admin("GET", "/metrics", "", gateway.operateKey()).body());
      gateway.close();

      assertThat(answers.toString() + lines)
          .doesNotContain("sekret", "73917391")
          .doesNotContain(
              gateway.inferKey().substring(18),
              gateway.slowKey().substring(18),
              gateway.operateKey().substring(18));
      assertThat(answers.toString()).contains("lacks the role infer");
    } finally {
      root.removeHandler(handler);
    }
  }

  private static Handler capturing(Queue<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        Object[] parameters = line.getParameters();
        lines.add(
            line.getMessage()
                + (parameters == null ? "" : Arrays.toString(parameters))
                + line.getThrown());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
