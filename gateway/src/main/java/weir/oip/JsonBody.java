package weir.oip;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Opens a body's JSON, and turns every way in which it can be none into a {@link Refusal}. Safe for
 * any number of threads.
 */
final class JsonBody {
  private static final int MAX_NUMBER_CHARS = 1_000;

  /** The nesting of the protocol itself; inside data a surplus element may nest once more. */
  private static final int PROTOCOL_DEPTH = 4;

  private final DecodeLimits limits;
  private final RowParser.Factory factory;

  private JsonBody(DecodeLimits limits, boolean unknown) {
    this.limits = limits;
    this.factory =
        new RowParser.Factory(
            new JsonFactoryBuilder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, unknown)
                .recyclerPool(new BufferPool())
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(2 * limits.maxDepth() + PROTOCOL_DEPTH)
                        .maxNumberLength(MAX_NUMBER_CHARS)
                        .maxNameLength(limits.maxNameChars())
                        .maxStringLength(Integer.MAX_VALUE)
                        .build()));
  }

  /** For bodies whose readers count fields themselves. */
  static JsonBody ofProtocol(DecodeLimits limits) {
    return new JsonBody(limits, false);
  }

  /** For bodies of any form: a field that is given twice is a syntax error. */
  static JsonBody ofAnyForm(DecodeLimits limits) {
    return new JsonBody(limits, true);
  }

  /** Reads one JSON value. */
  @FunctionalInterface
  interface Reading<T> {
    T read(JsonText json, RowParser.Factory factory) throws IOException, Refusal;
  }

  /** Reads the first {@code length} bytes, which hold one JSON value and nothing behind it. */
  <T> T read(byte[] body, int length, Reading<T> reading) throws Refusal {
    if (length == 0) {
      throw new Refusal("the body is empty; expected a JSON object");
    }
    int invalid = Utf8.firstInvalid(body, 0, length);
    if (invalid >= 0) {
      throw new Refusal("the JSON is not UTF-8 at byte " + (invalid + 1));
    }
    try (RowParser parser = factory.createParser(body, 0, length)) {
      return read(parser, reading);
    } catch (IOException _) {
      throw new Refusal("JSON syntax error");
    }
  }

  private <T> T read(RowParser parser, Reading<T> reading) throws IOException, Refusal {
    try {
      JsonText json = new JsonText(parser, limits);
      T value = reading.read(json, factory);
      if (json.next() != JsonToken.NOT_AVAILABLE) {
        throw new Refusal("there is more text after the JSON object");
      }
      return value;
    } catch (StreamConstraintsException _) {
      throw new Refusal(
          "a number of more than %d characters or a field name of more than %d, at %s"
              .formatted(MAX_NUMBER_CHARS, limits.maxNameChars(), place(parser.currentLocation())));
    } catch (JsonEOFException e) {
      throw new Refusal(
          "JSON syntax error at %s: the text ends too early".formatted(place(e.getLocation())));
    } catch (JsonProcessingException e) {
      throw new Refusal("JSON syntax error at " + place(e.getLocation()));
    }
  }

  private static String place(@Nullable JsonLocation at) {
    JsonLocation location = at == null ? JsonLocation.NA : at;
    return "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }
}
