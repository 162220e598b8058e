package weir.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings as they are written: the reverse of {@link Binder}, as a JSON tree. */
final class SettingsJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private SettingsJson() {}

  /** The value of that kind, with references to variables escaped; an empty Optional is null. */
  static JsonNode of(Kind kind, Object value) {
    return switch (kind) {
      case Kind.Simple simple -> simple(simple, value);
      case Kind.OneOf _ -> NODES.textNode(Kebab.ofConstant((Enum<?>) value));
      case Kind.Maybe maybe ->
          ((Optional<?>) value)
              .<JsonNode>map(inner -> of(maybe.inner(), inner))
              .orElseGet(NODES::nullNode);
      case Kind.Items items when items.distinct() ->
          NODES.arrayNode().addAll(inOrder(items.element(), (Set<?>) value));
      case Kind.Items items -> {
        ArrayNode array = NODES.arrayNode();
        ((List<?>) value).forEach(element -> array.add(of(items.element(), element)));
        yield array;
      }
      case Kind.Entries entries -> {
        ObjectNode object = NODES.objectNode();
        ((Map<?, ?>) value).forEach((k, v) -> object.set((String) k, of(entries.value(), v)));
        yield object;
      }
      case Kind.Nested nested -> group(nested.group(), value);
      case Kind.Alternatives _ -> alternative(new Group(value.getClass()), value);
    };
  }

  private static JsonNode simple(Kind.Simple kind, Object value) {
    return switch (kind) {
      case INT -> NODES.numberNode((int) value);
      case LONG -> NODES.numberNode((long) value);
      case SIZE -> NODES.textNode(SizeText.format((long) value));
      case DOUBLE -> number((double) value);
      case BOOLEAN -> NODES.booleanNode((boolean) value);
      case DURATION -> NODES.textNode(DurationText.format((Duration) value));
      case TEXT, PATH, URI -> NODES.textNode(Substitution.escape(value.toString()));
    };
  }

  private static JsonNode number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a number in settings is finite, not " + value);
    }
    return NODES.numberNode(value);
  }

  /** A set has no order of its own; it is written by the order of its elements' text. */
  private static List<JsonNode> inOrder(Kind element, Set<?> values) {
    return values.stream()
        .map(value -> of(element, value))
        .sorted(Comparator.comparing(JsonNode::toString))
        .toList();
  }

  private static ObjectNode group(Group group, Object settings) {
    ObjectNode object = NODES.objectNode();
    for (Group.Component component : group.components()) {
      object.set(component.key(), of(component.kind(), component.of(settings)));
    }
    return object;
  }

  private static JsonNode alternative(Group chosen, Object settings) {
    List<Group.Component> components = chosen.components();
    String key = Kebab.ofName(chosen.type().getSimpleName());
    if (components.isEmpty()) {
      return NODES.textNode(key);
    }
    Group.Component first = components.getFirst();
    JsonNode value =
        components.size() == 1 ? of(first.kind(), first.of(settings)) : group(chosen, settings);
    return NODES.objectNode().set(key, value);
  }
}
