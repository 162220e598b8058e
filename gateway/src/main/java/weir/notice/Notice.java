package weir.notice;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Something that happened and that somebody may want to know.
 *
 * @param id grows by one from notice to notice, and across restarts; 0 until it is published
 * @param type what kind of thing happened, such as {@code drift}; lower case
 * @param model empty when it concerns no single model
 * @param variant the version's name; empty when it concerns no single variant
 * @param words one sentence for a person
 * @param json the details, one JSON value as text
 * @param own whether this replica is the one to tell the world; else another replica has
 */
public record Notice(
    long id,
    Instant at,
    String type,
    String model,
    String variant,
    String words,
    String json,
    boolean own) {
  /** The type of what a subscriber is told when it resumes from a notice no longer kept. */
  public static final String MISSED = "missed";

  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final JsonFactory JSON = new JsonFactory();

  public Notice {
    if (!TYPE.matcher(type).matches()) {
      throw new IllegalArgumentException(
          "a notice's type is up to 64 of a-z, 0-9 and -, not '%s'".formatted(type));
    }
  }

  /** A notice of this replica's own. */
  public Notice(
      long id, Instant at, String type, String model, String variant, String words, String json) {
    this(id, at, type, model, variant, words, json, true);
  }

  Notice numbered(long number) {
    return new Notice(number, at, type, model, variant, words, json, own);
  }

  /** The notice as one line of JSON, with its details under {@code details}. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeNumberField("id", id);
      out.writeStringField("at", at.toString());
      out.writeStringField("type", type);
      out.writeStringField("model", model);
      out.writeStringField("variant", variant);
      out.writeStringField("words", words);
      out.writeFieldName("details");
      // A line break in JSON stands only between values: in a text it is escaped.
      out.writeRawValue(json.replace('\n', ' ').replace('\r', ' '));
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a writer in memory does not fail", e);
    }
    return text.toString();
  }
}
