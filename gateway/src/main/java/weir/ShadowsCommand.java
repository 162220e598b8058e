package weir;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weir shadows MODEL}: what each shadow's copies say, as a table. */
@Command(
    name = "shadows",
    description = "Shows how far the answers of a model's shadows are from the stable version's.",
    mixinStandardHelpOptions = true)
final class ShadowsCommand implements Callable<Integer> {
  private static final double MILLIS = 1e3;

  @Parameters(paramLabel = "MODEL", description = "the model's name")
  private String model = "";

  @Mixin private ManagementOptions management = new ManagementOptions();

  @Override
  public Integer call() throws CallFailedException, InterruptedException {
    return management.show(
        "/admin/models/" + RemoteGateway.part(model) + "/shadows", ShadowsCommand::text);
  }

  static String text(JsonNode document) {
    StringBuilder text = new StringBuilder();
    for (JsonNode shadow : document.path("shadows")) {
      text.append(
          "version %s as a shadow of %s%s: %s%n"
              .formatted(
                  shadow.path("version").asText(),
                  shadow.path("stable").asText(),
                  shadow.path("running").asBoolean() ? "" : " (ended)",
                  shadow.path("verdict").asText()));
      text.append("  %s%n  %s%n".formatted(said(shadow, "words"), said(shadow, "advice")));
      text.append(
          "  %d equal, %d different, %d incomparable, failed %s, dropped %s%n"
              .formatted(
                  shadow.path("equal").asLong(),
                  shadow.path("different").asLong(),
                  shadow.path("incomparable").asLong(),
                  shadow.path("failed"),
                  shadow.path("dropped")));
      text.append("  %-14s %10s %10s %10s %10s%n".formatted("", "p50", "p90", "p99", "max"));
      line(text, "difference", shadow.path("difference"), 1);
      line(text, "noise", shadow.path("noise"), 1);
      line(text, "stable ms", shadow.path("stable_seconds"), MILLIS);
      line(text, "shadow ms", shadow.path("shadow_seconds"), MILLIS);
    }
    return text.isEmpty() ? "no shadows" + System.lineSeparator() : text.toString();
  }

  private static String said(JsonNode shadow, String field) {
    return shadow.path(field).asText();
  }

  private static void line(StringBuilder text, String name, JsonNode quantiles, double factor) {
    if (quantiles.path("count").asLong() == 0) {
      return;
    }
    text.append("  %-14s".formatted(name));
    for (String each : new String[] {"p50", "p90", "p99", "max"}) {
      JsonNode value = quantiles.path(each);
      text.append(
          value.isNumber()
              ? String.format(Locale.ROOT, " %10.4g", factor * value.asDouble())
              : "          -");
    }
    text.append(System.lineSeparator());
  }
}
