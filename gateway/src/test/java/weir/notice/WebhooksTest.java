package weir.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.notice.NoticeSettings.Webhook;
import weir.observation.GatewayMetrics;

@Timeout(60)
class WebhooksTest {
  private record Received(String body, String signature) {}

  private final GatewayMetrics metrics = GatewayMetrics.create("test", InstantSource.system());
  private final Notices notices = new Notices(1_000, InstantSource.system());
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile int failure = 500;
  private HttpServer receiver;
  private @Nullable Webhooks webhooks;

  @TempDir private Path folder;

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String signature = exchange.getRequestHeaders().getFirst("weir-signature");
          received.add(new Received(body, signature == null ? "" : signature));
          exchange.sendResponseHeaders(failures.getAndDecrement() > 0 ? failure : 204, -1);
          exchange.close();
        });
    receiver.start();
  }

  /** As the gateway stops. */
  private void stop() {
    notices.close();
    if (webhooks != null) {
      webhooks.close();
    }
  }

  @AfterEach
  void close() {
    stop();
    receiver.stop(0);
    metrics.close();
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
  }

  private void start(Map<String, Webhook> hooks) throws SecretRefusedException {
    start(hooks, Duration.ofSeconds(20));
  }

  private void start(Map<String, Webhook> hooks, Duration timeout) throws SecretRefusedException {
    Duration backoff = Duration.ofMillis(1);
    NoticeSettings settings =
        new NoticeSettings(10, 10, Duration.ofSeconds(1), 3, timeout, 3, backoff, hooks);
    webhooks = Webhooks.create(settings, notices, metrics.notices());
  }

  private static Webhook all(URI url) {
    return new Webhook(url, Set.of(), Set.of(), Optional.empty());
  }

  private Notice publish(String type, String model) {
    return notices.publish(new Notice(0, Instant.EPOCH, type, model, "1", "words", "{}"));
  }

  private double counted(String sink, String result) {
    String series = "weir_notices_total{result=\"%s\",sink=\"%s\"} ".formatted(result, sink);
    return metrics
        .scrape("")
        .body()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
        .sum();
  }

  @Test
  void publish_webhook_getsTheNoticeUnsignedWithoutASecret() throws Exception {
    start(Map.of("hook", all(url())));

    Notice notice = publish("drift", "m");

    Collected.await(() -> counted("hook", "sent") == 1);
    assertThat(received).containsExactly(new Received(notice.toJson(), ""));
  }

  @Test
  void publish_secretFile_signsTheBody() throws Exception {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "It's a Secret to Everybody\n");
    start(Map.of("hook", new Webhook(url(), Set.of(), Set.of(), Optional.of(secret))));

    Notice notice = publish("drift", "m");

    Collected.await(() -> received.size() == 1);
    assertThat(received.getFirst().signature())
        .isEqualTo(
            new Signature("It's a Secret to Everybody")
                .of(notice.toJson().getBytes(StandardCharsets.UTF_8)));
  }

  /** The published example of GitHub's webhooks, which sign in the same way. */
  @Test
  void signature_publishedExample_isTheSame() {
    assertThat(
            new Signature("It's a Secret to Everybody")
                .of("Hello, World!".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
  }

  @Test
  void publish_typesAndModels_choose() throws Exception {
    start(Map.of("hook", new Webhook(url(), Set.of("drift"), Set.of("a"), Optional.empty())));

    publish("plan", "a");
    publish("drift", "b");
    Notice wanted = publish("drift", "a");

    Collected.await(() -> counted("hook", "sent") == 1);
    assertThat(received).extracting(Received::body).containsExactly(wanted.toJson());
  }

  @Test
  void publish_receiverFailsAtFirst_isTriedAgain() throws Exception {
    failures.set(2);
    start(Map.of("hook", all(url())));

    publish("drift", "m");

    Collected.await(() -> counted("hook", "sent") == 1);
    assertThat(received).hasSize(3);
    assertThat(counted("hook", "failed")).isZero();
  }

  @Test
  void publish_receiverFailsOrRefuses_isGivenUpAndCounted() throws Exception {
    start(Map.of("hook", all(url())));
    failures.set(3);
    publish("drift", "m");
    Collected.await(() -> counted("hook", "failed") == 1);
    assertThat(received).hasSize(3);

    failure = 410;
    failures.set(1);
    publish("drift", "m");
    Collected.await(() -> counted("hook", "failed") == 2);
    assertThat(received).hasSize(4);
  }

  @Test
  void publish_webhookThatNeverAnswers_delaysNothingAndItsRestIsDropped() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI dead = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      start(Map.of("dead", all(dead), "hook", all(url())));
      for (int i = 0; i < 10; i++) {
        publish("drift", "m");
        int sent = i + 1;
        Collected.await(() -> counted("hook", "sent") == sent);
      }
      assertThat(counted("dead", "failed")).isZero();
      assertThat(counted("dead", "dropped")).isEqualTo(6);
      long start = System.nanoTime();

      stop();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      Collected.await(() -> counted("dead", "failed") + counted("dead", "dropped") == 10);
    }
  }

  @Test
  void publish_webhookThatNeverAnswers_isGivenUpAfterItsTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI dead = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      start(Map.of("dead", all(dead)), Duration.ofMillis(50));

      publish("drift", "m");

      Collected.await(() -> counted("dead", "failed") == 1);
    }
  }

  @Test
  void close_lastNotices_areStillPosted() throws Exception {
    start(Map.of("hook", all(url())));
    publish("drift", "a");
    publish("drift", "b");

    stop();

    assertThat(received).hasSize(2);
  }

  @Test
  void create_secretsThatCannotBeUsed_areAllTold() throws Exception {
    Path weak = folder.resolve("weak");
    Files.writeString(weak, "hunter2");
    Optional<Path> gone = Optional.of(folder.resolve("gone"));

    SecretRefusedException refused =
        catchThrowableOfType(
            SecretRefusedException.class,
            () ->
                start(
                    Map.of(
                        "a", new Webhook(url(), Set.of(), Set.of(), gone),
                        "b", new Webhook(url(), Set.of(), Set.of(), Optional.of(weak)))));

    assertThat(refused.problems())
        .hasSize(2)
        .anySatisfy(p -> assertThat(p).contains("webhooks.a.secret-file").contains("read"))
        .anySatisfy(p -> assertThat(p).contains("webhooks.b.secret-file").contains("16"))
        .noneSatisfy(p -> assertThat(p).contains("hunter2"));
  }
}
