package weir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir drift MODEL}: what has moved, as a table with small histograms. */
@Command(
    name = "drift",
    description = "Shows what has drifted in a model that a running gateway serves.",
    mixinStandardHelpOptions = true)
final class DriftCommand implements Callable<Integer> {
  private static final String LEVELS = " ▁▂▃▄▅▆▇█";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Parameters(paramLabel = "MODEL", description = "the model's name")
  private String model = "";

  @Option(
      names = "--management",
      description = "the gateway's management address (default: ${DEFAULT-VALUE})")
  private URI management = URI.create("http://127.0.0.1:8002");

  @Option(names = "--json", description = "prints the report as the gateway gives it")
  private boolean json;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws StartRefusedException, InterruptedException {
    HttpResponse<String> response = ask();
    if (response.statusCode() != 200) {
      throw new StartRefusedException(List.of(response.body()));
    }
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(response.body());
    } else {
      print(response.body(), out);
    }
    out.flush();
    return 0;
  }

  private HttpResponse<String> ask() throws StartRefusedException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(management.resolve("/admin/models/" + model + "/drift"))
              .timeout(PATIENCE)
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | IllegalArgumentException e) {
      throw new StartRefusedException(
          List.of(
              "no gateway answers at %s; give its address with --management"
                  .formatted(management)));
    }
  }

  private static void print(String body, PrintWriter out) throws StartRefusedException {
    try {
      for (JsonNode variant : new ObjectMapper().readTree(body).get("variants")) {
        out.printf(
            "version %s: %s, window %s to %s%n",
            variant.at("/variant/version").asText(),
            variant.get("status").asText(),
            variant.get("window_start").asText(),
            variant.get("window_end").asText());
        out.printf(
            "  %-12s %-12s %8s %10s %8s  %-12s %-12s %s%n",
            "feature", "status", "PSI", "p", "rows", "baseline", "window", "since");
        for (JsonNode signal : variant.get("signals")) {
          out.println(line(signal));
        }
      }
    } catch (IOException e) {
      throw new StartRefusedException(List.of("the gateway's answer is no JSON"));
    }
  }

  static String line(JsonNode signal) {
    return "  %-12s %-12s %8.3f %10.2g %8d  %-12s %-12s %s"
        .formatted(
            signal.get("feature").asText(),
            signal.get("status").asText(),
            signal.at("/distribution/psi").asDouble(),
            signal.at("/distribution/p").asDouble(),
            signal.get("samples").asLong(),
            histogram(signal.get("bins"), "baseline"),
            histogram(signal.get("bins"), "window"),
            signal.get("since").asText());
  }

  /** One character a bin, as high as its share of the largest; at most twelve bins. */
  static String histogram(JsonNode bins, String side) {
    double largest = 0;
    for (JsonNode bin : bins) {
      largest = Math.max(largest, bin.get(side).asDouble());
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(12, bins.size()); i++) {
      double share = largest == 0 ? 0 : bins.get(i).get(side).asDouble() / largest;
      text.append(LEVELS.charAt((int) Math.ceil(share * (LEVELS.length() - 1))));
    }
    return text.toString();
  }
}
