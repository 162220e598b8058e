package weir.demo;

import java.util.Map;

/**
 * The few lines that the demo needs of a page in Prometheus' text format.
 *
 * <p>A line is {@code name{label="value",...} number}; comments, exemplars and times are ignored.
 * Labels are looked for as written, so a value that needs escapes is not found.
 */
final class MetricsPage {
  private final String text;

  MetricsPage(String text) {
    this.text = text;
  }

  CacheCounts cache(String model) {
    String cache = "weir_cache_requests_total";
    String requests = "weir_requests_total";
    return new CacheCounts(
        true,
        sum(cache, Map.of("model", model)),
        sum(cache, Map.of("model", model, "result", "hit")),
        sum(requests, Map.of("model", model, "source", "model")),
        sum(requests, Map.of("model", model, "source", "cache"))
            + sum(requests, Map.of("model", model, "source", "coalesced")));
  }

  private long sum(String name, Map<String, String> labels) {
    return Math.round(
        text.lines()
            .filter(line -> line.startsWith(name + "{"))
            .filter(line -> hasAll(line, labels))
            .mapToDouble(MetricsPage::value)
            .sum());
  }

  private static boolean hasAll(String line, Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
        .allMatch(label -> line.contains("{" + label) || line.contains("," + label));
  }

  private static double value(String line) {
    String rest = line.substring(line.lastIndexOf("\"}") + 2).strip();
    int end = rest.indexOf(' ');
    try {
      return Double.parseDouble(end < 0 ? rest : rest.substring(0, end));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
