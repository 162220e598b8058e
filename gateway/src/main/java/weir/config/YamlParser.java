package weir.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserException;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Builds the {@link Tree} of one YAML document and refuses what is hostile or ambiguous: size,
 * depth, aliases that multiply, tags, merge keys, duplicate keys, a second document.
 *
 * <p>An alias shares the tree of its anchor and is charged with that tree's whole weight, so the
 * bound on values holds for the document as if it were written out.
 */
final class YamlParser {
  static final int BYTES_MAX = 1 << 20;
  static final int DEPTH_MAX = 50;
  static final int VALUES_MAX = 50_000;

  /** A text this long weighs as much as another value. */
  private static final int TEXT_WEIGHT = 256;

  private static final String CORE_TAG = "tag:yaml.org,2002:";
  private static final List<String> SCALAR_TAGS = List.of("str", "int", "float", "bool", "null");

  private record Anchored(Tree tree, int weight) {}

  private final Parser events;
  private final Substitution substitution;
  private final Problems problems;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private int weight;

  private YamlParser(String text, Substitution substitution, Problems problems) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(BYTES_MAX);
    this.events = new ParserImpl(new StreamReader(text), options);
    this.substitution = substitution;
    this.problems = problems;
  }

  /** The document's tree; broken when a problem made it pointless to read on. */
  static Tree parse(String text, Substitution substitution, Problems problems) {
    if (text.length() > BYTES_MAX || text.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      problems.add("", 1, "the file is larger than 1 MiB", "settings are far smaller: check it");
      return new Tree.Broken(1);
    }
    try {
      return new YamlParser(text, substitution, problems).document();
    } catch (MarkedYAMLException e) {
      problems.add("", line(e.getProblemMark()), "is not YAML: " + firstLine(e.getProblem()), "");
    } catch (ReaderException e) {
      int line = 1 + (int) text.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count();
      String character = String.format("U+%04X", e.getCodePoint());
      problems.add("", line, "has the forbidden character " + character, "remove it");
    } catch (YAMLException e) {
      problems.add("", 1, "is not YAML: " + firstLine(e.getMessage()), "");
    }
    return new Tree.Broken(1);
  }

  private Tree document() {
    events.getEvent();
    if (events.checkEvent(Event.ID.StreamEnd)) {
      return new Tree.Scalar("", "", true, 1);
    }
    events.getEvent();
    Tree root = value("", 0, 0);
    events.getEvent();
    if (!events.checkEvent(Event.ID.StreamEnd)) {
      throw refused("a second document starts here, one is read", events.peekEvent());
    }
    return root;
  }

  /** The next value; a map or list that belongs to a key stands on the key's line. */
  private Tree value(String path, int depth, int keyLine) {
    Event event = events.getEvent();
    if (depth > DEPTH_MAX) {
      throw refused("nested deeper than " + DEPTH_MAX + " levels", event);
    }
    int line = keyLine == 0 ? line(event.getStartMark()) : keyLine;
    int before = weight;
    charge(1, event);
    Tree tree =
        switch (event) {
          case AliasEvent alias -> aliased(alias);
          case ScalarEvent scalar -> scalar(scalar, path);
          case SequenceStartEvent sequence ->
              tagged(sequence.getTag(), List.of("seq"), path, items(path, depth, line));
          case MappingStartEvent mapping ->
              tagged(mapping.getTag(), List.of("map"), path, entries(path, depth, line));
          default -> throw refused("expected a value", event);
        };
    if (event instanceof NodeEvent node && !(event instanceof AliasEvent)) {
      String anchor = node.getAnchor();
      if (anchor != null) {
        anchors.put(anchor, new Anchored(tree, weight - before));
      }
    }
    return tree;
  }

  private Tree aliased(AliasEvent alias) {
    Anchored anchored = anchors.get(alias.getAnchor());
    if (anchored == null) {
      throw refused("no anchor &" + alias.getAnchor() + " ends before this alias", alias);
    }
    charge(anchored.weight(), alias);
    return anchored.tree();
  }

  private Tree scalar(ScalarEvent event, String path) {
    String written = event.getValue();
    int line = line(event.getStartMark());
    charge(written.length() / TEXT_WEIGHT, event);
    String tag = event.getTag();
    boolean core = tag != null && tag.startsWith(CORE_TAG) && !tag.endsWith(":str");
    boolean plain = tag == null ? event.isPlain() : core;
    if (!Substitution.concerns(written)) {
      return tagged(tag, SCALAR_TAGS, path, new Tree.Scalar(written, written, plain, line));
    }
    Optional<String> text = substitution.apply(written, path, line);
    Tree scalar =
        text.isEmpty() ? new Tree.Broken(line) : new Tree.Scalar(text.get(), written, plain, line);
    return tagged(tag, SCALAR_TAGS, path, scalar);
  }

  private Tree items(String path, int depth, int line) {
    List<Tree> values = new ArrayList<>();
    while (!events.checkEvent(Event.ID.SequenceEnd)) {
      values.add(value(KeyPath.item(path, values.size()), depth + 1, 0));
    }
    events.getEvent();
    return new Tree.Items(Collections.unmodifiableList(values), line);
  }

  private Tree entries(String path, int depth, int line) {
    SequencedMap<String, Tree.Entry> values = new LinkedHashMap<>();
    boolean whole = true;
    while (!events.checkEvent(Event.ID.MappingEnd)) {
      Event keyEvent = events.peekEvent();
      int keyLine = line(keyEvent.getStartMark());
      Optional<String> key = key(path, depth, keyLine);
      String valuePath = KeyPath.key(path, key.orElse("?"));
      Tree value = value(valuePath, depth + 1, keyLine);
      whole &= key.isPresent();
      if (key.isEmpty()) {
        continue;
      }
      Tree.Entry first = values.putIfAbsent(key.get(), new Tree.Entry(keyLine, value));
      if (first != null) {
        String message = "the key is given twice, first on line " + first.keyLine();
        problems.add(valuePath, keyLine, message, "remove one of them");
      }
    }
    events.getEvent();
    return new Tree.Entries(Collections.unmodifiableSequencedMap(values), whole, line);
  }

  /** The next key, or empty when it is none and was reported. */
  private Optional<String> key(String path, int depth, int line) {
    if (!(events.peekEvent() instanceof ScalarEvent scalar)) {
      value(path, depth + 1, line);
      problems.add(path, line, "has a key that is not a text", "write a name before the colon");
      return Optional.empty();
    }
    events.getEvent();
    charge(1 + scalar.getValue().length() / TEXT_WEIGHT, scalar);
    if (scalar.isPlain() && scalar.getValue().equals("<<")) {
      problems.add(path, line, "merge keys (<<) are not read", "write the keys out");
      return Optional.empty();
    }
    if (scalar.getValue().isEmpty()) {
      problems.add(path, line, "has an empty key", "write a name before the colon");
      return Optional.empty();
    }
    return known(scalar.getTag(), SCALAR_TAGS, path, line)
        ? Optional.of(scalar.getValue())
        : Optional.empty();
  }

  private Tree tagged(@Nullable String tag, List<String> allowed, String path, Tree tree) {
    return known(tag, allowed, path, tree.line()) ? tree : new Tree.Broken(tree.line());
  }

  private boolean known(@Nullable String tag, List<String> allowed, String path, int line) {
    if (tag == null || tag.equals("!")) {
      return true;
    }
    String name = tag.startsWith(CORE_TAG) ? tag.substring(CORE_TAG.length()) : "";
    if (allowed.contains(name)) {
      return true;
    }
    String shown = KeyPath.quote(name.isEmpty() ? tag : "!!" + name);
    problems.add(path, line, "the tag " + shown + " is refused", "remove it");
    return false;
  }

  private void charge(int values, Event event) {
    weight += values;
    if (weight > VALUES_MAX) {
      throw refused("more than " + VALUES_MAX + " values, aliases written out", event);
    }
  }

  private static ParserException refused(String because, Event event) {
    return new ParserException(null, null, because, event.getStartMark());
  }

  private static int line(@Nullable Mark mark) {
    return mark == null ? 1 : mark.getLine() + 1;
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }
}
