package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.spi.InetAddressResolverProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.access.ToldNames;
import weir.journal.JournalSettings;

/**
 * Clouds' metadata services, as endpoints of versions and webhooks: by address, and by a name that
 * leads there.
 */
@Timeout(180)
class NeverCalledTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models: {m: {variants: {far: {endpoints: [\"http://169.254.169.254:80\"]}}}}",
        "models: {m: {variants: {far: {protocol: grpc, endpoints: [\"http://[fe80::1]:80\"]}}}}",
        "models: {m: {variants: {far: {protocol: json, endpoints: [\"http://2852039166/p\"]}}}}",
        "notices: {webhooks: {hook: {url: \"http://metadata.google.internal/hook\"}}}",
        "tracing: {endpoint: \"http://169.254.169.254:4318\"}"
      })
  void settings_addressOfAMetadataService_areRefused(String yaml) {
    assertThatThrownBy(() -> Settings.parse(yaml, folder.resolve("weir.yaml"), Map.of()))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("never called");
  }

  /** Makes a process look names up as {@link ToldNames} does; before the gateway's own services. */
  private String lookup() throws Exception {
    Path services = Files.createDirectories(folder.resolve("first/META-INF/services"));
    Files.writeString(
        services.resolve(InetAddressResolverProvider.class.getName()), ToldNames.class.getName());
    return "-Xbootclasspath/a:" + folder.resolve("first");
  }

  @Test
  void names_atALinkLocalAddress_areUnknownToVersionsAndWebhooks() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          told.countDown();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    String notices =
        "notices: {attempts-max: 1, webhooks: {bad: {url: \"http://bad.link.test/hook\"}, good: {url: \"http://good.both.test:%d/hook\"}}}"
            .formatted(receiver.getAddress().getPort());
    String settings =
        """
        routing: {policy: {fixed: "1"}}
        variants:
          far: {protocol: oip, endpoints: ["http://far.link.test:80"]}
          rpc: {protocol: grpc, endpoints: ["http://rpc.link.test:80"]}
        """;
    try (ChildGateway gateway =
        ChildGateway.start(
            folder,
            ChildGateway.repository(folder, "healthy", "healthy"),
            JournalSettings.defaults(),
            settings,
            "http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s}\n" + notices,
            lookup())) {
      assertThat(refusal(gateway, "far"))
          .contains("far.link.test:80 is not ready: has a host name that nobody knows");
      assertThat(refusal(gateway, "rpc")).contains("rpc.link.test:80 is not ready");
      assertThat(gateway.command("/rollout/start", "{\"candidate\": \"2\"}").statusCode())
          .isEqualTo(200);
      assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
      Await.until("the other webhook's failure", () -> log().contains("webhook bad did not take"));
      assertThat(log()).contains("rpc.link.test has only link-local or metadata addresses");
    } finally {
      receiver.stop(0);
    }
  }

  private static String refusal(ChildGateway gateway, String version) throws Exception {
    String path = "/v2/models/small/versions/%s/infer".formatted(version);
    String body =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1]}]}";
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(gateway.inference().resolve(path))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(503);
      return answer.body();
    }
  }

  private String log() throws Exception {
    return Files.readString(folder.resolve("log"));
  }

  @Test
  void start_withATableOfNamesThatIsNotGuarded_isRefused() throws Exception {
    Path repository = ChildGateway.repository(folder, "healthy");

    assertThatThrownBy(() ->
            ChildGateway.start(
                folder,
                repository,
                JournalSettings.defaults(),
                "{}",
                "http: {port: 0, management-port: 0}",
                "-Djdk.net.hosts.file=" + Files.createFile(folder.resolve("hosts"))))
        .hasMessageContaining("jdk.net.hosts.file");
  }
}
