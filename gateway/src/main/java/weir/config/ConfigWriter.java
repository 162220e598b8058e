package weir.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.ImplicitTuple;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.events.StreamStartEvent;

/**
 * Writes settings as YAML, every key with its value; {@link ConfigReader} reads the text back to
 * the same record. An empty Optional is written as null, because its key may have a default.
 */
public final class ConfigWriter {
  private static final Pattern NAME = Pattern.compile("/?[A-Za-z][A-Za-z0-9_./-]*");
  private static final Pattern ADDRESS = Pattern.compile("[a-z]+://[A-Za-z0-9_./:-]*[a-z0-9/]");

  /** Words that YAML readers take for something else than a text. */
  private static final Set<String> RESERVED =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

  private final Emitter emitter;

  private ConfigWriter(Emitter emitter) {
    this.emitter = emitter;
  }

  /** The text; refuses what no configuration can hold: negative durations, numbers not finite. */
  public static String write(Record settings) {
    JsonNode tree = SettingsJson.of(new Kind.Nested(new Group(settings.getClass())), settings);
    DumperOptions options = new DumperOptions();
    options.setSplitLines(false);
    StringWriter text = new StringWriter();
    try {
      new ConfigWriter(new Emitter(text, options)).document(tree);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to memory", e);
    }
    return text.toString();
  }

  private void document(JsonNode tree) throws IOException {
    emitter.emit(new StreamStartEvent(null, null));
    emitter.emit(new DocumentStartEvent(null, null, false, null, null));
    value(tree);
    emitter.emit(new DocumentEndEvent(null, null, false));
    emitter.emit(new StreamEndEvent(null, null));
  }

  private void value(JsonNode node) throws IOException {
    if (node.isObject()) {
      emitter.emit(new MappingStartEvent(null, null, true, null, null, FlowStyle.BLOCK));
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        scalar(entry.getKey(), plainText(entry.getKey()));
        value(entry.getValue());
      }
      emitter.emit(new MappingEndEvent(null, null));
    } else if (node.isArray()) {
      emitter.emit(new SequenceStartEvent(null, null, true, null, null, FlowStyle.BLOCK));
      for (JsonNode element : node) {
        value(element);
      }
      emitter.emit(new SequenceEndEvent(null, null));
    } else {
      scalar(node.asText(), !node.isTextual() || plainText(node.asText()));
    }
  }

  private void scalar(String text, boolean plain) throws IOException {
    ScalarStyle style = plain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED;
    emitter.emit(
        new ScalarEvent(null, null, new ImplicitTuple(plain, !plain), text, null, null, style));
  }

  /** Only names, durations, sizes, paths and addresses are left without quotes. */
  private static boolean plainText(String text) {
    boolean quantity =
        text.matches(DurationText.PATTERN)
            || (text.matches(SizeText.PATTERN) && text.endsWith("B"));
    boolean name =
        NAME.matcher(text).matches() && !RESERVED.contains(text.toLowerCase(Locale.ROOT));
    return quantity || name || ADDRESS.matcher(text).matches();
  }
}
