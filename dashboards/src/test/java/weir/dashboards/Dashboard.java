package weir.dashboards;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A dashboard as Grafana reads it from JSON. */
record Dashboard(String file, JsonNode json) {
  /** A panel; {@code name} says where it is. */
  record Panel(String name, JsonNode json) {
    boolean row() {
      return json.path("type").asText().equals("row");
    }

    List<Query> queries() {
      return elements(json.path("targets"))
          .map(target ->
              new Query(
                  name + " / " + target.path("refId").asText(),
                  target.path("expr").asText(),
                  target.path("legendFormat").asText(),
                  target.path("exemplar").asBoolean()))
          .toList();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A panel's query in PromQL, with Grafana's variables in it. */
  record Query(String name, String expression, String legend, boolean exemplars) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Every dashboard of this module. */
  static List<Dashboard> all() {
    try (Stream<Path> files = Files.list(Path.of(""))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(Dashboard::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Dashboard read(Path file) {
    try {
      return new Dashboard(file.toString(), MAPPER.readTree(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " is not JSON", e);
    }
  }

  String uid() {
    return json.path("uid").asText();
  }

  /** Every panel, rows and those inside collapsed rows too. */
  List<Panel> panels() {
    return elements(json.path("panels"))
        .flatMap(panel -> Stream.concat(Stream.of(panel), elements(panel.path("panels"))))
        .map(panel -> new Panel(file + " / " + panel.path("title").asText(), panel))
        .toList();
  }

  List<Query> queries() {
    return panels().stream().flatMap(panel -> panel.queries().stream()).toList();
  }

  /** The queries that mark moments; Grafana's own marks have none. */
  List<JsonNode> annotations() {
    return elements(json.path("annotations").path("list"))
        .filter(annotation -> !annotation.has("builtIn"))
        .toList();
  }

  List<JsonNode> variables() {
    return elements(json.path("templating").path("list")).toList();
  }

  static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  @Override
  public String toString() {
    return file;
  }
}
