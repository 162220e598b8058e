package weir.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.observation.Metric;

/** The rules that Prometheus is to load, and the tests of them. */
final class Rules {
  private static final Path FOLDER = Path.of("../ops/prometheus").toAbsolutePath().normalize();

  private static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory());

  /** Series that Prometheus makes itself, and those of the process and its Java. */
  private static final Set<String> OF_OTHERS =
      Set.of(
          "up",
          "ALERTS",
          "process_cpu_usage",
          "process_files_open_files",
          "process_files_max_files",
          "process_uptime_seconds",
          "system_cpu_usage",
          "jvm_memory_used_bytes",
          "jvm_memory_max_bytes",
          "jvm_gc_pause_seconds_sum",
          "jvm_gc_pause_seconds_max",
          "jvm_threads_live_threads");

  private Rules() {}

  static List<Path> files() {
    return listed(name -> !name.endsWith(".test.yaml"));
  }

  static List<Path> tests() {
    return listed(name -> name.endsWith(".test.yaml"));
  }

  private static List<Path> listed(Predicate<String> wanted) {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> wanted.test(file.toString()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode read(Path file) {
    try {
      return MAPPER.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " is not YAML", e);
    }
  }

  /** The titles of the runbooks' sections; a link to one is its title in small letters. */
  static List<String> runbookSections() {
    try {
      return Files.readAllLines(FOLDER.resolveSibling("runbooks.md")).stream()
          .filter(line -> line.startsWith("### "))
          .map(line -> line.substring("### ".length()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every rule of every file. */
  static Stream<JsonNode> all() {
    return files().stream()
        .flatMap(file -> Dashboard.elements(read(file).path("groups")))
        .flatMap(group -> Dashboard.elements(group.path("rules")));
  }

  /** What a query or rule may name: the catalogue's series, those recorded, and Prometheus' own. */
  static Set<String> knownSeries() {
    Set<String> known = new HashSet<>(OF_OTHERS);
    known.addAll(seriesOf(Arrays.asList(Metric.values())));
    known.addAll(recorded().keySet());
    return known;
  }

  /** The names of every series that {@code metrics} expose. */
  static Set<String> seriesOf(List<Metric> metrics) {
    Set<String> names = new TreeSet<>();
    for (Metric metric : metrics) {
      String name = metric.exposedName();
      switch (metric.type()) {
        case COUNTER, GAUGE, INFO -> names.add(name);
        case HISTOGRAM -> names.addAll(List.of(name + "_bucket", name + "_count", name + "_sum"));
      }
    }
    return names;
  }

  /** The series that {@code expression} reads, and those that the recorded ones are made of. */
  static Set<String> sources(String expression) {
    Map<String, String> recorded = recorded();
    Set<String> sources = new TreeSet<>();
    Set<String> next = PromQl.metrics(expression);
    while (!next.isEmpty()) {
      sources.addAll(next);
      next =
          next.stream()
              .flatMap(name -> PromQl.metrics(recorded.getOrDefault(name, "")).stream())
              .collect(Collectors.toCollection(TreeSet::new));
    }
    return sources;
  }

  private static Map<String, String> recorded() {
    return all()
        .filter(rule -> rule.has("record"))
        .collect(
            Collectors.toMap(
                rule -> rule.path("record").asText(), rule -> rule.path("expr").asText()));
  }
}
