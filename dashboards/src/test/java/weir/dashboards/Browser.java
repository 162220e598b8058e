package weir.dashboards;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** One page in a headless Chromium, driven over the DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LISTENS = "DevTools listening on ";

  private final ChildProcess process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final AtomicInteger number = new AtomicInteger();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final WebSocket socket;
  private final String session;

  private Browser(Process process, URI address) throws IOException, InterruptedException {
    this.process = new ChildProcess(process);
    this.socket = client.newWebSocketBuilder().buildAsync(address, new Incoming()).join();
    String target =
        send("", "Target.createTarget", node("url", "about:blank")).path("targetId").asText();
    this.session =
        send("", "Target.attachToTarget", node("targetId", target).put("flatten", true))
            .path("sessionId")
            .asText();
    for (String domain : List.of("Page", "Network", "Runtime", "Log", "Accessibility")) {
      call(domain + ".enable", JSON.createObjectNode());
    }
  }

  /** Starts {@code program} with a profile of its own in {@code folder}. */
  static Browser start(Path program, Path folder) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox", // as root it does not start otherwise, and it loads our page only
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + Files.createTempDirectory(folder, "chromium-"),
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader log = process.errorReader(StandardCharsets.UTF_8);
    String line = log.readLine();
    while (line != null && !line.startsWith(LISTENS)) {
      line = log.readLine();
    }
    if (line == null) {
      throw new IOException("chromium ended before it listened");
    }
    Thread.ofVirtual().start(() -> log.lines().forEach(_ -> {}));
    return new Browser(process, URI.create(line.substring(LISTENS.length()).strip()));
  }

  static ObjectNode node(String name, String value) {
    return JSON.createObjectNode().put(name, value);
  }

  void open(URI address) throws IOException, InterruptedException {
    call("Page.navigate", node("url", address.toString()));
  }

  /** The value of a JavaScript expression; of a promise, what it comes to. */
  JsonNode value(String expression) throws IOException, InterruptedException {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            node("expression", expression).put("returnByValue", true).put("awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IOException(expression + ": " + answer.path("exceptionDetails"));
    }
    return answer.at("/result/value");
  }

  /** Waits until a JavaScript expression is true. */
  void await(String expression) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!value("Boolean(" + expression + ")").asBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "never true: " + expression + "; the page says " + value("document.body.innerText"));
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  JsonNode call(String method, ObjectNode parameters) throws IOException, InterruptedException {
    return send(session, method, parameters);
  }

  private JsonNode send(String to, String method, ObjectNode parameters)
      throws IOException, InterruptedException {
    int id = number.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    if (!to.isEmpty()) {
      message.put("sessionId", to);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    try {
      socket.sendText(message.toString(), true).join();
      JsonNode answered = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (answered.has("error")) {
        throw new IOException(method + ": " + answered.path("error"));
      }
      return answered.path("result");
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(method + " was not answered", e);
    }
  }

  /** A PNG of what fits into that width and height, in pixels. */
  byte[] screenshot(int width, int height) throws IOException, InterruptedException {
    ObjectNode size = JSON.createObjectNode().put("width", width).put("height", height);
    call(
        "Emulation.setDeviceMetricsOverride",
        size.put("deviceScaleFactor", 1).put("mobile", false));
    value("new Promise((done) => setTimeout(done, 1000))");
    return Base64.getDecoder()
        .decode(call("Page.captureScreenshot", node("format", "png")).path("data").asText());
  }

  /** What the console was told of errors and exceptions. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** The address of each request that the page made. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void happened(String method, JsonNode parameters) {
    switch (method) {
      case "Network.requestWillBeSent" -> requests.add(parameters.at("/request/url").asText());
      case "Runtime.exceptionThrown" -> problems.add(parameters.toString());
      case "Runtime.consoleAPICalled" -> {
        if (parameters.path("type").asText().equals("error")) {
          problems.add(parameters.toString());
        }
      }
      case "Log.entryAdded" -> {
        if (parameters.at("/entry/level").asText().equals("error")) {
          problems.add(parameters.toString());
        }
      }
      default -> {}
    }
  }

  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        read(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(part);
    }

    private void read(String message) {
      try {
        JsonNode node = JSON.readTree(message);
        if (node.has("id")) {
          requireNonNull(asked.remove(node.path("id").asInt())).complete(node);
        } else {
          happened(node.path("method").asText(), node.path("params"));
        }
      } catch (IOException e) {
        problems.add(e.toString());
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
    process.close();
  }
}
