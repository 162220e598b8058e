package weir.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds the nodes of one schema. A type stands once under {@code $defs}; a record is written out
 * in place where an enclosing default gives it other defaults than its own.
 */
final class SchemaBuilder {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String VARIABLE = "\\$\\{";

  private final Map<String, String> descriptions;
  private final Map<String, ObjectNode> definitions = new TreeMap<>();
  private final Map<String, Class<?>> types = new HashMap<>();
  private final Set<String> components = new LinkedHashSet<>();

  SchemaBuilder(Map<String, String> descriptions) {
    this.descriptions = descriptions;
  }

  /** The keys of all components that the document met, in that order. */
  Set<String> components() {
    return Collections.unmodifiableSet(components);
  }

  ObjectNode document(Group root) {
    ObjectNode document = NODES.objectNode();
    document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    document.setAll(schema(new Kind.Nested(root), null));
    ObjectNode all = document.putObject("$defs");
    definitions.forEach(all::set);
    return document;
  }

  private ObjectNode schema(Kind kind, @Nullable Object fallback) {
    return switch (kind) {
      case Kind.Simple simple -> simple(simple);
      case Kind.OneOf choice -> choice(choice);
      case Kind.Maybe maybe -> {
        Object inner = fallback instanceof Optional<?> optional ? optional.orElse(null) : null;
        ObjectNode either = NODES.objectNode();
        either.putArray("anyOf").add(schema(maybe.inner(), inner)).addObject().put("type", "null");
        yield either;
      }
      case Kind.Items items -> {
        ObjectNode array = NODES.objectNode().put("type", "array");
        array.set("items", schema(items.element(), null));
        yield items.distinct() ? array.put("uniqueItems", true) : array;
      }
      case Kind.Entries entries -> {
        ObjectNode map = NODES.objectNode().put("type", "object");
        map.set("additionalProperties", schema(entries.value(), null));
        yield map;
      }
      case Kind.Nested nested -> nested(nested.group(), fallback);
      case Kind.Alternatives alternatives -> alternatives(alternatives);
    };
  }

  private static ObjectNode simple(Kind.Simple kind) {
    return switch (kind) {
      case INT, LONG -> typed("integer", "string").put("pattern", VARIABLE);
      case DOUBLE -> typed("number", "string").put("pattern", VARIABLE);
      case BOOLEAN -> typed("boolean", "string").put("pattern", VARIABLE);
      case TEXT -> typed("string", "number", "boolean");
      case PATH -> typed("string").put("minLength", 1);
      case URI -> {
        ObjectNode address = typed("string").put("minLength", 1);
        ArrayNode either = address.putArray("anyOf");
        either.addObject().put("format", "uri-reference");
        either.addObject().put("pattern", VARIABLE);
        yield address;
      }
      case DURATION -> typed("string").put("pattern", orVariable(DurationText.PATTERN));
      case SIZE ->
          typed("string", "integer").put("pattern", orVariable(SizeText.PATTERN)).put("minimum", 0);
    };
  }

  private static ObjectNode typed(String... names) {
    ObjectNode schema = NODES.objectNode();
    if (names.length == 1) {
      return schema.put("type", names[0]);
    }
    ArrayNode types = schema.putArray("type");
    for (String name : names) {
      types.add(name);
    }
    return schema;
  }

  /** A pattern limits texts only, so that a number beside them stays free. */
  private static String orVariable(String pattern) {
    return "^(" + pattern + ")$|" + VARIABLE;
  }

  private static ObjectNode choice(Kind.OneOf choice) {
    ObjectNode schema = NODES.objectNode();
    ArrayNode either = schema.putArray("anyOf");
    ArrayNode constants = either.addObject().putArray("enum");
    choice.spellings().sequencedKeySet().forEach(constants::add);
    either.add(typed("string").put("pattern", VARIABLE));
    return schema;
  }

  private ObjectNode nested(Group group, @Nullable Object fallback) {
    Object own = group.defaults().orElse(null);
    if (fallback != null && !fallback.equals(own)) {
      return object(group, fallback);
    }
    if (announce(group.name(), group.type())) {
      definitions.put(group.name(), object(group, own));
    }
    return reference(group.name());
  }

  private ObjectNode object(Group group, @Nullable Object defaults) {
    ObjectNode object = NODES.objectNode().put("type", "object");
    ObjectNode properties = object.putObject("properties");
    ArrayNode required = NODES.arrayNode();
    for (Group.Component component : group.components()) {
      Object usual = defaults == null ? null : component.of(defaults);
      properties.set(component.key(), property(group, component, usual));
      if (usual == null && Kind.absent(component.kind()).isEmpty()) {
        required.add(component.key());
      }
    }
    if (!required.isEmpty()) {
      object.set("required", required);
    }
    return object.put("additionalProperties", false);
  }

  private ObjectNode property(Group group, Group.Component component, @Nullable Object usual) {
    String key = Descriptions.key(group, component);
    components.add(key);
    ObjectNode property = schema(component.kind(), usual);
    String description = descriptions.get(key);
    if (description != null) {
      property.put("description", description);
    }
    Object absent = usual != null ? usual : Kind.absent(component.kind()).orElse(null);
    boolean saysItsOwn = component.kind() instanceof Kind.Nested || Optional.empty().equals(absent);
    if (absent != null && !saysItsOwn) {
      property.set("default", SettingsJson.of(component.kind(), absent));
    }
    return property;
  }

  private ObjectNode alternatives(Kind.Alternatives kind) {
    String name = Group.nameOf(kind.type());
    if (announce(name, kind.type())) {
      definitions.put(name, oneOf(kind));
    }
    return reference(name);
  }

  private ObjectNode oneOf(Kind.Alternatives kind) {
    ObjectNode schema = NODES.objectNode();
    ArrayNode cases = schema.putArray("oneOf");
    boolean bare = false;
    for (Map.Entry<String, Group> entry : kind.cases().entrySet()) {
      Group group = entry.getValue();
      if (group.components().isEmpty()) {
        cases.addObject().put("const", entry.getKey());
        bare = true;
        continue;
      }
      ObjectNode object = cases.addObject().put("type", "object");
      object.putObject("properties").set(entry.getKey(), caseValue(group));
      object.putArray("required").add(entry.getKey());
      object.put("additionalProperties", false);
    }
    if (bare) {
      cases.add(typed("string").put("pattern", VARIABLE));
    }
    return schema;
  }

  private ObjectNode caseValue(Group group) {
    if (group.components().size() > 1) {
      return nested(group, null);
    }
    Group.Component only = group.components().getFirst();
    Object usual = group.defaults().map(only::of).orElse(null);
    return property(group, only, usual);
  }

  /** Whether the type is met for the first time; two types of one name would share a key. */
  private boolean announce(String name, Class<?> type) {
    Class<?> known = types.putIfAbsent(name, type);
    if (known != null && known != type) {
      throw new IllegalArgumentException(
          type.getName() + " and " + known.getName() + " need different names in settings");
    }
    return known == null;
  }

  private static ObjectNode reference(String name) {
    return NODES.objectNode().put("$ref", "#/$defs/" + name);
  }
}
