package weir;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weir drift MODEL}: what has moved, as a table with small histograms. */
@Command(
    name = "drift",
    description = "Shows what has drifted in a model that a running gateway serves.",
    mixinStandardHelpOptions = true)
final class DriftCommand implements Callable<Integer> {
  private static final String LEVELS = " ▁▂▃▄▅▆▇█";

  @Parameters(paramLabel = "MODEL", description = "the model's name")
  private String model = "";

  @Mixin private ManagementOptions management = new ManagementOptions();

  @Override
  public Integer call() throws CallFailedException, InterruptedException {
    return management.show(
        "/admin/models/" + RemoteGateway.part(model) + "/drift", DriftCommand::text);
  }

  private static String text(JsonNode report) {
    StringBuilder text = new StringBuilder();
    for (JsonNode variant : report.path("variants")) {
      text.append(
          "version %s: %s, window %s to %s%n"
              .formatted(
                  variant.at("/variant/version").asText(),
                  variant.path("status").asText(),
                  variant.path("window_start").asText(),
                  variant.path("window_end").asText()));
      text.append(
          "  %-12s %-12s %8s %10s %8s  %-12s %-12s %s%n"
              .formatted("feature", "status", "PSI", "p", "rows", "baseline", "window", "since"));
      for (JsonNode signal : variant.path("signals")) {
        text.append(line(signal)).append(System.lineSeparator());
      }
    }
    return text.toString();
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
