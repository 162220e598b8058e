package weir.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The console in a real browser, on a real gateway under traffic. */
@Timeout(300)
class ConsoleTest {
  private static final String ROLLOUT = "/admin/models/diamond-price/rollout/";

  private Browser browser;
  private GatewayProcess gateway;
  private Traffic traffic;

  @BeforeEach
  void open() throws Exception {
    Path program = DebianProgram.CHROMIUM.required();
    Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
    Path folder = Files.createTempDirectory(target, "console-");
    gateway = GatewayProcess.start(folder);
    traffic = new Traffic(gateway.inference());
    browser = Browser.start(program, folder);
    browser.open(page());
    browser.await("document.getElementById('connection')?.textContent === 'live'");
    traffic.send(200);
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (gateway != null) {
      gateway.close();
      traffic.close();
    }
  }

  private URI page() {
    return gateway.metrics().resolve("/");
  }

  private static String text(String id) {
    return "document.getElementById('" + id + "').innerText";
  }

  private void press(String command, String actor) throws Exception {
    String button = "document.querySelector('[data-command=" + command + "]')";
    browser.await(button + ".getAttribute('aria-disabled') === 'false'");
    browser.value(button + ".focus(); " + button + ".click()");
    browser.await("document.getElementById('command').open");
    browser.value(
        "(() => { const form = document.querySelector('#command form');"
            + " form.elements.actor.value = '%s'; form.elements.why.value = 'a test';"
                .formatted(actor)
            + " form.requestSubmit(); })()");
    browser.await("!document.getElementById('command').open");
    assertThat(browser.value("document.activeElement.dataset.command").asText()).isEqualTo(command);
  }

  @Test
  void page_underTraffic_showsALifeOfARolloutAndAsksNobodyElse() throws Exception {
    browser.await(text("versions") + ".includes('90 %')");
    browser.await(
        "/[1-9]/.test(document.querySelector('#versions tr td:nth-of-type(6)').innerText)");
    assertThat(browser.value("document.querySelectorAll('#charts canvas').length").asInt())
        .isEqualTo(5);

    press("start", "ann");
    browser.await(text("rollout") + ".includes('stepping')");
    browser.await(text("audit") + ".includes('ann')");
    browser.await(text("checks") + ".includes('undecided')");
    press("pause", "bob");
    browser.await(text("rollout") + ".includes('paused')");

    gateway.command(ROLLOUT + "abort", "{\"why\": \"somebody else\"}");
    browser.await(text("rollout") + ".includes('rolled-back')");
    browser.await(text("events") + ".includes('rolled back')");
    browser.await(text("audit") + ".includes('somebody else')");
    browser.await("document.getElementById('announced').textContent.includes('rolled back')");

    assertThat(browser.value(text("audit")).asText()).contains("ann", "bob", "a test");
    assertThat(browser.problems()).isEmpty();
    assertThat(browser.requests())
        .isNotEmpty()
        .allMatch(
            address -> address.startsWith(page().toString()) || address.equals("about:blank"));
  }

  @Test
  void command_ofAnOldRevision_isRefusedInTheGatewaysWords() throws Exception {
    String button = "document.querySelector('[data-command=start]')";
    browser.await(button + ".getAttribute('aria-disabled') === 'false'");
    browser.value(button + ".click()");
    gateway.command("/admin/models/diamond-price/split", "{\"weights\": {\"1\": 80, \"2\": 20}}");
    browser.value(
        "(() => { const form = document.querySelector('#command form');"
            + " form.elements.actor.value = 'ann'; form.requestSubmit(); })()");

    browser.await("document.querySelector('#command .problem').textContent.includes('Not done')");
    assertThat(browser.value("document.querySelector('#command .problem').textContent").asText())
        .contains("revision");
    browser.value("document.querySelector('#command [data-cancel]').click()");
    browser.await("!document.getElementById('command').open");
  }

  @Test
  void accessibility_ofThePageAndItsDialog_namesEverything() throws Exception {
    browser.await(text("versions") + ".includes('90 %')");

    assertThat(named("heading"))
        .contains("Weir", "Models", "diamond-price", "Versions", "Rollout", "Experiment", "Drift")
        .contains("Events", "Audit");
    assertThat(named("button")).contains("Start a rollout", "Pause", "Resume", "Advance", "Abort");
    assertThat(named("navigation")).containsExactly("Models");
    assertThat(named("main")).hasSize(1);
    assertThat(named("banner")).hasSize(1);
    assertThat(named("image")).anyMatch(name -> name.startsWith("Latency, p99: now version 1 "));
    assertThat(violations()).isEmpty();

    browser.value("document.querySelector('[data-command=start]').click()");
    assertThat(named("dialog")).containsExactly("Start a rollout");
    assertThat(named("textbox")).contains("Your name, for the audit trail", "Why");
    assertThat(violations()).isEmpty();
  }

  private List<String> named(String role) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    JsonNode tree =
        browser.call("Accessibility.getFullAXTree", JsonNodeFactory.instance.objectNode());
    for (JsonNode node : tree.path("nodes")) {
      if (!node.path("ignored").asBoolean() && node.at("/role/value").asText().equals(role)) {
        names.add(node.at("/name/value").asText());
      }
    }
    return names;
  }

  /** What axe finds wrong, as rule and place. */
  private List<String> violations() throws IOException, InterruptedException {
    if (!browser.value("'axe' in window").asBoolean()) {
      try (InputStream axe =
          Objects.requireNonNull(
              ConsoleTest.class.getResourceAsStream(
                  "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"))) {
        browser.value(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + "; 0");
      }
    }
    JsonNode found =
        browser.value(
            "axe.run().then((result) => result.violations.map((rule) =>"
                + " rule.id + ': ' + rule.nodes.map((node) => node.html + node.failureSummary).join(' | ')))");
    List<String> words = new ArrayList<>();
    found.forEach(each -> words.add(each.asText()));
    return words;
  }
}
