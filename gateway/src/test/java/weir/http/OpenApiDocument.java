package weir.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** One of the documents that the gateway serves, read for tests. */
public final class OpenApiDocument {
  private final JsonNode root;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private OpenApiDocument(JsonNode root) {
    this.root = root;
  }

  static OpenApiDocument read(String name) throws IOException {
    return of(resource(name));
  }

  public static OpenApiDocument of(String yaml) throws IOException {
    return new OpenApiDocument(new YAMLMapper().readTree(yaml));
  }

  static String resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(HttpDoors.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  JsonNode at(String pointer) {
    return root.at(pointer);
  }

  /** The operations by method and path, as {@code GET /v2}. */
  public Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.put(
            method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), method.getValue());
      }
    }
    return operations;
  }

  public JsonNode response(String operation, String status) {
    JsonNode found = Objects.requireNonNull(operations().get(operation), operation);
    return resolved(found.path("responses").path(status));
  }

  List<String> headers(String operation, String status) {
    List<String> names = new ArrayList<>();
    response(operation, status).path("headers").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** What the node's reference leads to, missing when nowhere; the node itself without one. */
  JsonNode resolved(JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isTextual() ? resolved(root.at(reference.asText().substring(1))) : node;
  }

  /** The examples written beside a schema, or inside one. */
  List<JsonNode> examples(JsonNode node) {
    if (!node.has("schema") && !node.has("type")) {
      return List.of();
    }
    List<JsonNode> examples = new ArrayList<>();
    if (node.has("example")) {
      examples.add(node.path("example"));
    }
    boolean named = node.path("examples").isObject();
    for (JsonNode each : node.path("examples")) {
      examples.add(named ? resolved(each).path("value") : each);
    }
    return examples;
  }

  Schema schema(String component) {
    return schema(object().put("$ref", "#/components/schemas/" + component));
  }

  /** That schema, with the document's components around it for its references. */
  public Schema schema(JsonNode schema) {
    ObjectNode whole = object();
    whole.set("components", root.path("components"));
    whole.putArray("allOf").add(schema);
    return registry.getSchema(whole);
  }

  private static ObjectNode object() {
    return new ObjectMapper().createObjectNode();
  }

  /** Shows every node with its place. */
  void walk(BiConsumer<String, JsonNode> visitor) {
    walk(root, "", visitor);
  }

  static void walk(JsonNode node, String place, BiConsumer<String, JsonNode> visitor) {
    visitor.accept(place, node);
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      walk(field.getValue(), place + "/" + field.getKey(), visitor);
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(node.get(i), place + "/" + i, visitor);
      }
    }
  }
}
