package weir.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
final class DemoTest {
  private static final Duration RUN = Duration.ofMillis(1_200);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, UTF_8);

  @Test
  void run_healthyGateway_succeedsWithEveryRequestTold() throws Exception {
    try (StubGateway gateway = new StubGateway(false)) {
      DemoSummary summary = runUntilEnough(gateway, plain());

      assertThat(summary.succeeded()).isTrue();
      assertThat(summary.answered()).isEqualTo(gateway.asked());
      assertThat(summary.lines())
          .anyMatch(line -> line.startsWith("Version 1: ") && line.contains(" off on average"))
          .anyMatch(line -> line.startsWith("Version 2: ") && line.contains("(10.0 % wanted)"))
          .contains("Every user kept to one version.");
      assertThat(printed()).contains(summary.lines()).doesNotContain("\u001b");
    }
  }

  @Test
  void run_healthyGateway_cacheCountedFromTheStartOfTheRun() throws Exception {
    try (StubGateway gateway = new StubGateway(false)) {
      DemoSummary summary = runUntilEnough(gateway, plain());

      long asked = gateway.asked();
      long hits = asked / 3;
      assertThat(summary.lines())
          .contains(
              "Cache: %d of %d lookups hit (%s); 0 answers needed no model, 0 came from a model."
                  .formatted(hits, asked, Figures.percent((double) hits / asked)));
    }
  }

  @Test
  void run_request_isTheProtocolsWithNamedInputs() throws Exception {
    try (StubGateway gateway = new StubGateway(false)) {
      runUntilEnough(gateway, plain());

      assertThat(gateway.someBody().path("inputs").valueStream())
          .extracting(input -> input.path("name").asText() + " " + input.path("datatype").asText())
          .containsExactlyInAnyOrder(
              "carat FP32",
              "depth FP32",
              "table FP32",
              "x FP32",
              "y FP32",
              "z FP32",
              "cut BYTES",
              "color BYTES",
              "clarity BYTES");
      assertThat(gateway.someBody().path("inputs").valueStream())
          .allMatch(input -> input.path("shape").toString().equals("[1,1]"))
          .allMatch(input -> input.path("data").size() == 1);
    }
  }

  @Test
  void run_oneVersionFails_itsErrorsCountedByMessage() throws Exception {
    try (StubGateway gateway = new StubGateway(true)) {
      DemoSummary summary = runUntilEnough(gateway, plain());

      assertThat(summary.succeeded()).isFalse();
      assertThat(summary.gatewayLost()).isFalse();
      assertThat(summary.failed()).isPositive();
      assertThat(summary.answered() + summary.failed()).isEqualTo(gateway.asked());
      assertThat(summary.lines())
          .contains(
              "  failed %d times: 503: version 2 is [2J overloaded".formatted(summary.failed()))
          .anyMatch(line -> line.matches("Version 1: .*, 0 errors;.*"))
          .anyMatch(line -> line.matches("Version 2: .* %d errors\\.".formatted(summary.failed())));
    }
  }

  @Test
  void run_terminal_drawsPicturesAndEndsWithTheSummary() throws Exception {
    try (StubGateway gateway = new StubGateway(false)) {
      Terminal terminal = new Terminal(out, true, true, () -> new Terminal.Window(100, 40));

      DemoSummary summary = runUntilEnough(gateway, terminal);

      assertThat(printed())
          .startsWith("\u001b[?25l")
          .contains("Weir demo")
          .endsWith("\u001b[?25h" + String.join("\n", summary.lines()) + "\n");
      assertThat(printed().split("Weir demo", -1)).hasSizeGreaterThan(1);
    }
  }

  @Test
  void run_duration_endsByItself() throws IOException {
    try (StubGateway gateway = new StubGateway(false)) {
      DemoSummary summary = demo(gateway.address(), Optional.of(RUN), plain()).run();

      assertThat(summary.gatewayLost()).isFalse();
      assertThat(printed()).contains(summary.lines());
    }
  }

  @Test
  void stop_runWithoutEnd_returnsWhenTheSummaryIsPrinted() throws Exception {
    try (StubGateway gateway = new StubGateway(false)) {
      Demo demo = demo(gateway.address(), Optional.empty(), plain());
      Thread run =
          Thread.ofVirtual()
              .start(() -> {
                DemoSummary _ = demo.run();
              });
      gateway.awaitEnough();

      demo.stop();

      assertThat(printed()).contains("Every user kept to one version.");
      run.join();
    }
  }

  @Test
  void run_interrupted_endsAndKeepsTheInterrupt() throws Exception {
    try (StubGateway gateway = new StubGateway(false)) {
      Demo demo = demo(gateway.address(), Optional.empty(), plain());
      CountDownLatch kept = new CountDownLatch(1);
      Thread run =
          Thread.ofVirtual()
              .start(() -> {
                DemoSummary _ = demo.run();
                if (Thread.currentThread().isInterrupted()) {
                  kept.countDown();
                }
              });
      gateway.awaitEnough();

      run.interrupt();
      run.join();

      assertThat(kept.getCount()).isZero();
      assertThat(printed()).contains("Every user kept to one version.");
    }
  }

  @Test
  void run_nobodyListens_givesUpAndSaysSo() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    URI nobody = URI.create("http://127.0.0.1:" + port);

    DemoSummary summary = demo(nobody, Optional.empty(), plain(), Duration.ofSeconds(1)).run();

    assertThat(summary.gatewayLost()).isTrue();
    assertThat(summary.succeeded()).isFalse();
    assertThat(summary.answered()).isZero();
    assertThat(printed())
        .contains("the gateway accepts no connection")
        .contains(nobody + " has not answered for 1 s. Is the gateway still running?");
  }

  @Test
  void create_noSuchFile_namesIt() {
    DemoPlan plan = Fixtures.plan();
    DemoPlan missing =
        new DemoPlan(
            plan.target(),
            Path.of("no-such-file.csv.gz"),
            plan.wanted(),
            plan.traffic(),
            plan.duration(),
            plan.story(),
            Map.of());

    assertThatThrownBy(() -> Demo.create(missing, plain()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-such-file.csv.gz");
  }

  private static DemoSummary runUntilEnough(StubGateway gateway, Terminal terminal)
      throws Exception {
    Demo demo = demo(gateway.address(), Optional.empty(), terminal);
    List<DemoSummary> summaries = new CopyOnWriteArrayList<>();
    Thread run = Thread.ofVirtual().start(() -> summaries.add(demo.run()));
    gateway.awaitEnough();
    demo.stop();
    run.join();
    return summaries.getFirst();
  }

  private static Demo demo(URI gateway, Optional<Duration> duration, Terminal terminal)
      throws IOException {
    return demo(gateway, duration, terminal, Duration.ofSeconds(20));
  }

  private static Demo demo(
      URI gateway, Optional<Duration> duration, Terminal terminal, Duration patience)
      throws IOException {
    DemoPlan.Traffic traffic = new DemoPlan.Traffic(2_000, 500, 0.3, 8, patience, 20);
    return Demo.create(Fixtures.plan(gateway, traffic, duration), terminal);
  }

  private Terminal plain() {
    return new Terminal(out, false, false, () -> Terminal.Window.USUAL);
  }

  private String printed() {
    return bytes.toString(UTF_8);
  }
}
