package weir.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A parser that answers in the words of a refusal: kinds of values, bounded strings and depth. */
final class JsonText {
  private final RowParser parser;
  private final DecodeLimits limits;

  JsonText(RowParser parser, DecodeLimits limits) {
    this.parser = parser;
    this.limits = limits;
  }

  RowParser parser() {
    return parser;
  }

  DecodeLimits limits() {
    return limits;
  }

  JsonToken next() throws IOException {
    JsonToken token = parser.nextToken();
    return token == null ? JsonToken.NOT_AVAILABLE : token;
  }

  /** Moves to the next field's name and returns it, or null at the object's end. */
  @Nullable String nextField() throws IOException {
    return parser.nextFieldName();
  }

  /** The current value as a name: a string that is neither empty nor too long. */
  String name() throws IOException, Refusal {
    String name = string(limits.maxNameChars());
    if (name.isEmpty()) {
      throw new Refusal("expected a string that is not empty");
    }
    return name;
  }

  /** The current value as a string of at most that many characters. */
  String string(long maxChars) throws IOException, Refusal {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw expected("a string", parser.currentToken());
    }
    if (parser.getTextLength() > maxChars) {
      throw new Refusal("the string is longer than " + maxChars + " characters");
    }
    String text = parser.getText();
    if (!Utf8.encodable(text)) {
      throw new Refusal("the string has half of a surrogate pair");
    }
    return text;
  }

  /** The current value as a boolean. */
  boolean bool() throws Refusal {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null, default -> throw expected("true or false", parser.currentToken());
    };
  }

  /** The current value as an integer of 64 bits. */
  long integer() throws IOException, Refusal {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      throw new Refusal("expected an integer, got a number with a fraction or exponent");
    }
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw expected("an integer", parser.currentToken());
    }
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw new Refusal("the integer does not fit 64 bits");
    }
    return parser.getLongValue();
  }

  /** Requires the current token to open an object or array. */
  void open(JsonToken start, String kind) throws Refusal {
    if (parser.currentToken() != start) {
      throw expected(kind, parser.currentToken());
    }
  }

  /** The same, for a value that may be null. */
  void openUnlessNull(JsonToken start, String kind) throws Refusal {
    if (!isNull()) {
      open(start, kind);
    }
  }

  boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  /** Passes over the current value, however it is built, to its last token. */
  void skip() throws IOException, Refusal {
    int depth = 0;
    for (JsonToken token = parser.currentToken(); ; token = next()) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (depth > limits.maxDepth()) {
        throw new Refusal("nested deeper than " + limits.maxDepth());
      }
      if (depth == 0) {
        return;
      }
    }
  }

  static Refusal expected(String what, @Nullable JsonToken seen) {
    return new Refusal("expected " + what + ", got " + kind(seen));
  }

  static String kind(@Nullable JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      case null, default -> "nothing";
    };
  }
}
