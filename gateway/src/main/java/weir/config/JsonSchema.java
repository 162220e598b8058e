package weir.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The JSON Schema (draft 2020-12) of a tree of settings records, with defaults and descriptions.
 *
 * <p>It says what {@link ConfigReader} takes before the records' own bounds: a value that is typed
 * may also be a text with a variable in it, {@code ${PORT}}.
 */
public final class JsonSchema {
  private JsonSchema() {}

  /** The schema, with the descriptions of {@code /weir/config/descriptions.properties}. */
  public static String of(Class<? extends Record> root) {
    return of(root, Descriptions.all());
  }

  /** The components, as {@code HttpSettings.port}, that have no description there. */
  public static List<String> undescribed(Class<? extends Record> root) {
    return undescribed(root, Descriptions.all());
  }

  /** The descriptions there that belong to no component of the tree. */
  public static List<String> strayDescriptions(Class<? extends Record> root) {
    return strayDescriptions(root, Descriptions.all());
  }

  static String of(Class<? extends Record> root, Map<String, String> descriptions) {
    ObjectNode schema = new SchemaBuilder(descriptions).document(new Group(root));
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(separators).withObjectIndenter(indent).withArrayIndenter(indent);
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the schema of " + root.getName(), e);
    }
  }

  static List<String> undescribed(Class<? extends Record> root, Map<String, String> descriptions) {
    return components(root).stream().filter(key -> !descriptions.containsKey(key)).toList();
  }

  static List<String> strayDescriptions(
      Class<? extends Record> root, Map<String, String> descriptions) {
    Set<String> known = components(root);
    return descriptions.keySet().stream().filter(key -> !known.contains(key)).sorted().toList();
  }

  private static Set<String> components(Class<? extends Record> root) {
    SchemaBuilder builder = new SchemaBuilder(Map.of());
    builder.document(new Group(root));
    return builder.components();
  }
}
