package weir.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@link Tree} into settings, collecting every problem on the way. An empty result means
 * that a problem was reported; what depends on it is left out without a second report.
 */
final class Binder {
  private final Problems problems;

  Binder(Problems problems) {
    this.problems = problems;
  }

  /**
   * The value of that kind.
   *
   * @param fallback the enclosing default, which a nested record completes itself from
   */
  Optional<Object> bind(Kind kind, Tree tree, String path, @Nullable Object fallback) {
    if (tree instanceof Tree.Broken) {
      return Optional.empty();
    }
    if (tree instanceof Tree.Scalar scalar && scalar.isNull() && !(kind instanceof Kind.Maybe)) {
      return refuse(tree, path, "has no value", "write a value, or remove the key");
    }
    return switch (kind) {
      case Kind.Simple simple when tree instanceof Tree.Scalar scalar ->
          read(ScalarReader.read(simple, scalar), tree, path);
      case Kind.OneOf choice when tree instanceof Tree.Scalar scalar ->
          read(ScalarReader.read(choice, scalar), tree, path);
      case Kind.Simple _, Kind.OneOf _ -> wrongShape("a single value", tree, path, "");
      case Kind.Maybe maybe -> maybe(maybe, tree, path, fallback);
      case Kind.Items items -> items(items, tree, path);
      case Kind.Entries entries -> entries(entries, tree, path);
      case Kind.Nested nested -> group(nested.group(), tree, path, fallback);
      case Kind.Alternatives alternatives -> alternative(alternatives, tree, path);
    };
  }

  private Optional<Object> read(ScalarReader.Reading reading, Tree tree, String path) {
    return switch (reading) {
      case ScalarReader.Reading.Value value -> Optional.of(value.value());
      case ScalarReader.Reading.Refusal refusal ->
          refuse(tree, path, refusal.message(), refusal.hint());
    };
  }

  private Optional<Object> maybe(
      Kind.Maybe kind, Tree tree, String path, @Nullable Object fallback) {
    if (tree instanceof Tree.Scalar scalar && scalar.isNull()) {
      return Optional.of(Optional.empty());
    }
    Object inner = fallback instanceof Optional<?> optional ? optional.orElse(null) : null;
    return bind(kind.inner(), tree, path, inner).map(Optional::of);
  }

  private Optional<Object> items(Kind.Items kind, Tree tree, String path) {
    if (!(tree instanceof Tree.Items items)) {
      return wrongShape("a list", tree, path, "write [a, b], or one line \"- a\" for each");
    }
    Collection<Object> values = kind.distinct() ? new LinkedHashSet<>() : new ArrayList<>();
    boolean whole = true;
    for (int i = 0; i < items.values().size(); i++) {
      Tree element = items.values().get(i);
      String place = KeyPath.item(path, i);
      Optional<Object> value = bind(kind.element(), element, place, null);
      if (value.isPresent() && !values.add(value.get())) {
        value = refuse(element, place, "is given twice", "remove one of them");
      }
      whole &= value.isPresent();
    }
    if (!whole) {
      return Optional.empty();
    }
    return Optional.of(
        values instanceof Set<Object> set ? Collections.unmodifiableSet(set) : List.copyOf(values));
  }

  private Optional<Object> entries(Kind.Entries kind, Tree tree, String path) {
    if (!(tree instanceof Tree.Entries entries)) {
      return wrongShape("a map of keys", tree, path, "write one line \"name: value\" for each");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    entries
        .values()
        .forEach((key, entry) ->
            bind(kind.value(), entry.value(), KeyPath.key(path, key), null)
                .ifPresent(value -> values.put(key, value)));
    return entries.whole() && values.size() == entries.values().size()
        ? Optional.of(Collections.unmodifiableMap(values))
        : Optional.empty();
  }

  private Optional<Object> group(Group group, Tree tree, String path, @Nullable Object fallback) {
    List<Group.Component> components = group.components();
    List<String> keys = components.stream().map(Group.Component::key).toList();
    if (!(tree instanceof Tree.Entries entries)) {
      return wrongShape("a map of keys", tree, path, "the keys are " + String.join(", ", keys));
    }
    Set<String> meant = reportUnknownKeys(entries, keys, path);
    Object base = fallback != null ? fallback : group.defaults().orElse(null);
    List<Object> values = new ArrayList<>();
    for (Group.Component component : components) {
      Tree.Entry entry = entries.values().get(component.key());
      Object usual = base == null ? null : component.of(base);
      Optional<Object> value;
      if (entry != null) {
        String place = KeyPath.key(path, component.key());
        value = bind(component.kind(), entry.value(), place, usual);
      } else {
        value = usual != null ? Optional.of(usual) : Kind.absent(component.kind());
        if (value.isEmpty() && entries.whole() && !meant.contains(component.key())) {
          reportMissing(component, entries, path);
        }
      }
      value.ifPresent(values::add);
    }
    return values.size() == components.size() && entries.whole()
        ? construct(group, values, tree, path)
        : Optional.empty();
  }

  /** Reports keys that no component has; returns the keys that were probably meant by them. */
  private Set<String> reportUnknownKeys(Tree.Entries entries, List<String> known, String path) {
    Set<String> meant = new HashSet<>();
    entries
        .values()
        .forEach((key, entry) -> {
          if (!known.contains(key)) {
            Optional<String> nearest =
                NearestName.of(key, known).filter(name -> !entries.values().containsKey(name));
            nearest.ifPresent(meant::add);
            String hint =
                nearest
                    .map(name -> "did you mean " + name + "?")
                    .orElse("the keys here are " + String.join(", ", known));
            problems.add(KeyPath.key(path, key), entry.keyLine(), "is not a known key", hint);
          }
        });
    return meant;
  }

  private void reportMissing(Group.Component component, Tree.Entries entries, String path) {
    String hint = "add " + component.key() + ": <" + example(component.kind()) + ">";
    problems.add(KeyPath.key(path, component.key()), entries.line(), "is missing", hint);
  }

  private static String example(Kind kind) {
    return switch (kind) {
      case Kind.Simple simple ->
          switch (simple) {
            case INT, LONG -> "a whole number";
            case DOUBLE -> "a number";
            case BOOLEAN -> "true or false";
            case SIZE -> "a size such as 64MiB";
            case DURATION -> "a duration such as 30s";
            case TEXT -> "a text";
            case PATH -> "a path";
            case URI -> "a URI";
          };
      case Kind.OneOf choice -> "one of " + String.join(", ", choice.constants().keySet());
      case Kind.Maybe maybe -> example(maybe.inner());
      case Kind.Items _ -> "a list";
      case Kind.Entries _ -> "a map";
      case Kind.Nested nested ->
          "a map of "
              + String.join(
                  ", ", nested.group().components().stream().map(Group.Component::key).toList());
      case Kind.Alternatives alternatives -> "one of " + choices(alternatives.cases());
    };
  }

  private Optional<Object> alternative(Kind.Alternatives kind, Tree tree, String path) {
    SequencedMap<String, Group> cases = kind.cases();
    if (tree instanceof Tree.Scalar scalar) {
      Group chosen = cases.get(scalar.text());
      if (chosen != null && chosen.components().isEmpty()) {
        return construct(chosen, List.of(), tree, path);
      }
      return wrongShape("one of " + choices(cases), tree, path, suggestion(scalar.text(), cases));
    }
    if (!(tree instanceof Tree.Entries entries)
        || (entries.whole() && entries.values().size() != 1)) {
      return wrongShape("exactly one of " + choices(cases), tree, path, "");
    }
    if (!entries.whole()) {
      return Optional.empty();
    }
    String key = entries.values().firstEntry().getKey();
    Tree value = entries.values().firstEntry().getValue().value();
    Group chosen = cases.get(key);
    if (chosen == null) {
      String message = "must be one of " + choices(cases) + ", got the key " + KeyPath.quote(key);
      return refuse(tree, path, message, suggestion(key, cases));
    }
    return chosenCase(chosen, value, KeyPath.key(path, key), path);
  }

  /** The case's record: a single component takes the value itself. */
  private Optional<Object> chosenCase(Group chosen, Tree value, String place, String path) {
    List<Group.Component> components = chosen.components();
    if (components.isEmpty()) {
      String name = Kebab.ofName(chosen.type().getSimpleName());
      return refuse(value, place, "takes no value", "write " + name + " as the value of " + path);
    }
    if (components.size() > 1) {
      return bind(new Kind.Nested(chosen), value, place, null);
    }
    Group.Component only = components.getFirst();
    Object usual = chosen.defaults().map(only::of).orElse(null);
    return bind(only.kind(), value, place, usual)
        .flatMap(component -> construct(chosen, List.of(component), value, place));
  }

  private static String choices(SequencedMap<String, Group> cases) {
    return String.join(
        ", ",
        cases.entrySet().stream()
            .map(e -> e.getValue().components().isEmpty() ? e.getKey() : e.getKey() + ": …")
            .toList());
  }

  private static String suggestion(String written, SequencedMap<String, Group> cases) {
    Optional<String> nearest = NearestName.of(written, cases.sequencedKeySet());
    for (Map.Entry<String, Group> entry : cases.entrySet()) {
      if (nearest.isPresent() && nearest.get().equals(entry.getKey())) {
        boolean bare = entry.getValue().components().isEmpty();
        return "write " + entry.getKey() + (bare ? " alone" : ": and its value");
      }
    }
    return "";
  }

  private Optional<Object> construct(Group group, List<Object> values, Tree tree, String path) {
    return switch (group.construct(values)) {
      case Group.Built.Made made -> Optional.of(made.settings());
      case Group.Built.Refused refused -> refuse(tree, path, refused.because(), "");
    };
  }

  private Optional<Object> wrongShape(String expected, Tree tree, String path, String hint) {
    return refuse(tree, path, "must be " + expected + ", got " + tree.shown(), hint);
  }

  private Optional<Object> refuse(Tree tree, String path, String message, String hint) {
    problems.add(path, tree.line(), message, hint);
    return Optional.empty();
  }
}
