package weir.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.access.ApiKey;
import weir.access.Grant;

/** The console of a gateway that asks its callers who they are. */
@Timeout(300)
class ConsoleKeyTest {
  private static final String DIALOG = "document.getElementById('key')";
  private static final String LIVE =
      "document.getElementById('connection')?.textContent === 'live'";

  private final ApiKey.Fresh ann = key("ann", "read,operate");
  private final ApiKey.Fresh bob = key("bob", "read");
  private Browser browser;
  private GatewayProcess gateway;
  private Path keys;

  private static ApiKey.Fresh key(String name, String roles) {
    return ApiKey.create(name, Grant.all(roles), new SecureRandom(), Instant.EPOCH);
  }

  @BeforeEach
  void open() throws Exception {
    Path program = DebianProgram.CHROMIUM.required();
    Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
    Path folder = Files.createTempDirectory(target, "console-key-");
    keys =
        Files.writeString(
            folder.resolve("access.keys"), ann.key().line() + "\n" + bob.key().line() + "\n");
    gateway =
        GatewayProcess.start(
            folder,
            """
            http: {port: 0, management-port: 0, drain: 1s}
            grpc: {port: 0}
            repository: {path: "%s", warm-up-runs: 1}
            state: "%s"
            access: {keys: access.keys}
            models: {diamond-price: {routing: {policy: {split: {"1": 90, "2": 10}}}}}
            """
                .formatted(
                    Path.of("../models/repository").toAbsolutePath().normalize(),
                    folder.resolve("state")));
    browser = Browser.start(program, folder);
    browser.open(gateway.metrics().resolve("/"));
    browser.await(DIALOG + "?.open");
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (gateway != null) {
      gateway.close();
    }
  }

  private void give(String secret) throws Exception {
    browser.value(
        "(() => { const form = %s.querySelector('form'); form.elements.key.value = '%s'; form.requestSubmit(); })()"
            .formatted(DIALOG, secret));
  }

  @Test
  void key_wrongThenRight_isToldAndThenKeptInThePageAlone() throws Exception {
    assertThat(browser.value("document.getElementById('versions').innerText").asText())
        .doesNotContain("90 %");
    give("weir_000000000000_wrong");
    browser.await(DIALOG + ".open && " + DIALOG + ".innerText.includes('this key is not known')");

    give(ann.secret());
    browser.await(LIVE);
    browser.await("document.getElementById('versions').innerText.includes('90 %')");
    assertThat(browser.value("document.cookie").asText()).isEmpty();
    assertThat(browser.value("JSON.stringify([{...sessionStorage}, {...localStorage}])").asText())
        .doesNotContain("weir_");
    assertThat(browser.value("location.href + document.documentElement.outerHTML").asText())
        .doesNotContain(ann.secret());

    browser.open(gateway.metrics().resolve("/"));
    browser.await(DIALOG + "?.open");
  }

  @Test
  void key_revoked_isAskedForAgain() throws Exception {
    give(ann.secret());
    browser.await(LIVE);

    Files.writeString(keys, bob.key().line() + "\n");
    browser.await(DIALOG + ".open && " + DIALOG + ".innerText.includes('was revoked')");
    give(bob.secret());
    browser.await(LIVE + " && !" + DIALOG + ".open");
  }
}
