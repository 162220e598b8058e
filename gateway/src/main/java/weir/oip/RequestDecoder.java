package weir.oip;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of an inference request into a {@link WireRequest}, or says what is wrong with
 * them; it throws on no input.
 *
 * <p>Strict about what it reads: UTF-8, one JSON object and nothing behind it, each field once,
 * values that fit their datatype, counts that fit the shape. Unknown fields are passed over unless
 * they look like a misspelt one. Tensors sent as binary data are views of the body, so the caller
 * leaves the array alone for as long as the request lives. Safe for any number of threads.
 */
public final class RequestDecoder {
  private static final int MAX_NUMBER_CHARS = 1_000;
  private static final int MAX_POOLED_BUFFERS = 256;

  /** The nesting of the protocol itself; inside data a surplus element may nest once more. */
  private static final int PROTOCOL_DEPTH = 4;

  private final DecodeLimits limits;
  private final JsonFactory factory;

  public RequestDecoder(DecodeLimits limits) {
    this.limits = limits;
    this.factory =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .recyclerPool(JsonRecyclerPools.newBoundedPool(MAX_POOLED_BUFFERS))
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(2 * limits.maxDepth() + PROTOCOL_DEPTH)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .maxNameLength(limits.maxNameChars())
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();
  }

  /**
   * Decodes the first {@code length} bytes of {@code body}. {@code jsonLength} is the value of the
   * header {@code Inference-Header-Content-Length}, or −1 when it is absent.
   */
  public Decoded decode(byte[] body, int length, int jsonLength) {
    if (jsonLength < -1 || jsonLength > length) {
      return new Decoded.Invalid(
          "Inference-Header-Content-Length is %d, the body has %d bytes"
              .formatted(jsonLength, length));
    }
    int json = jsonLength == -1 ? length : jsonLength;
    if (json == 0) {
      return new Decoded.Invalid("the body is empty; expected a JSON object");
    }
    int invalid = Utf8.firstInvalid(body, 0, json);
    if (invalid >= 0) {
      return new Decoded.Invalid("the JSON is not UTF-8 at byte " + (invalid + 1));
    }
    BinarySection binary =
        new BinarySection(body, json, length, jsonLength != -1, limits.maxStringBytes());
    try (JsonParser parser = factory.createParser(body, 0, json)) {
      return decode(parser, body, json, binary);
    } catch (IOException _) {
      return new Decoded.Invalid("JSON syntax error");
    }
  }

  private Decoded decode(JsonParser parser, byte[] body, int json, BinarySection binary)
      throws IOException {
    try {
      JsonText text = new JsonText(parser, limits);
      return new Decoded.Valid(new RequestReader(text, factory, body, json, binary).read());
    } catch (Refusal refusal) {
      return new Decoded.Invalid(refusal.reason());
    } catch (StreamConstraintsException _) {
      return new Decoded.Invalid(
          "a number of more than %d characters or a field name of more than %d, at %s"
              .formatted(MAX_NUMBER_CHARS, limits.maxNameChars(), place(parser.currentLocation())));
    } catch (JsonEOFException e) {
      return new Decoded.Invalid(
          "JSON syntax error at %s: the text ends too early".formatted(place(e.getLocation())));
    } catch (JsonProcessingException e) {
      return new Decoded.Invalid("JSON syntax error at " + place(e.getLocation()));
    }
  }

  private static String place(@Nullable JsonLocation at) {
    JsonLocation location = at == null ? JsonLocation.NA : at;
    return "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }
}
