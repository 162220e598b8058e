package weir.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A real Prometheus on a free port that scrapes one target, and records, each second. */
final class Prometheus implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("\"Listening on\" address=(\\S+)");

  private final ChildProcess process;
  private final String address;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();

  private Prometheus(Process process) throws IOException {
    this.process = new ChildProcess(process);
    BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
    this.address = address(log);
    // What it says later goes nowhere, but must be read, or it would wait for a reader.
    Thread.ofVirtual().start(() -> log.lines().forEach(_ -> {}));
  }

  /** Starts {@code program} with its files in {@code folder}. */
  static Prometheus start(Path program, Path folder, URI target) throws IOException {
    Path config = folder.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: [%s]
        scrape_configs:
          - job_name: weir
            static_configs: [{targets: ["%s"]}]
        """
            .formatted(
                Rules.files().stream()
                    .map(file -> "\"" + file + "\"")
                    .collect(Collectors.joining(", ")),
                target.getAuthority()));
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:0",
                "--enable-feature=exemplar-storage")
            .redirectErrorStream(true)
            .start();
    try {
      return new Prometheus(process);
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static String address(BufferedReader log) throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        return "http://" + listening.group(1);
      }
      said.append(line).append('\n');
    }
    throw new IOException("Prometheus ended before it served:\n" + said);
  }

  /** What {@code /api/v1/<path>} answers, an error too. */
  JsonNode ask(String path, Map<String, String> parameters)
      throws IOException, InterruptedException {
    String query =
        parameters.entrySet().stream()
            .map(entry ->
                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/api/v1/" + path + "?" + query)).build();
    HttpResponse<String> response =
        client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    return mapper.readTree(response.body());
  }

  @Override
  public void close() {
    client.close();
    process.close();
  }
}
