package weir.config;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * Single values from their text. Numbers and truth values are taken from plain text only, as the
 * JSON Schema says too; a quoted text counts as plain where a variable was put into it.
 */
final class ScalarReader {
  private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9]{0,30})");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,5})?");

  private ScalarReader() {}

  /** A value, or why the text is none. */
  sealed interface Reading {
    record Value(Object value) implements Reading {}

    record Refusal(String message, String hint) implements Reading {}
  }

  static Reading read(Kind.Simple kind, Tree.Scalar scalar) {
    return switch (kind) {
      case INT -> whole(scalar, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> whole(scalar, Long.MIN_VALUE, Long.MAX_VALUE);
      case DOUBLE -> number(scalar);
      case BOOLEAN -> truth(scalar);
      case TEXT -> new Reading.Value(scalar.text());
      case PATH -> path(scalar);
      case URI -> uri(scalar);
      case DURATION ->
          reading(
              DurationText.parse(scalar.text()),
              "must be a duration, got " + scalar.shown(),
              "write a whole number and one of ns, us, ms, s, m, h, d, for example 250ms or 5m");
      case SIZE ->
          reading(
              SizeText.parse(scalar.text()),
              "must be a size, got " + scalar.shown(),
              "write for example 64MiB, 10KB or a number of bytes");
    };
  }

  static Reading read(Kind.OneOf kind, Tree.Scalar scalar) {
    SequencedMap<String, Object> constants = kind.constants();
    return reading(
        Optional.ofNullable(kind.spellings().get(scalar.text())),
        "must be one of "
            + String.join(", ", constants.sequencedKeySet())
            + ", got "
            + scalar.shown(),
        NearestName.of(scalar.text(), constants.sequencedKeySet())
            .map(name -> "did you mean " + name + "?")
            .orElse(""));
  }

  private static Reading whole(Tree.Scalar scalar, long min, long max) {
    if (!WHOLE.matcher(scalar.text()).matches()) {
      return refusal(scalar, "a whole number", "write for example 10");
    }
    if (quoted(scalar)) {
      return unquote(scalar, "a whole number");
    }
    BigInteger value = new BigInteger(scalar.text());
    if (value.compareTo(BigInteger.valueOf(min)) < 0
        || value.compareTo(BigInteger.valueOf(max)) > 0) {
      return refusal(scalar, "a whole number from " + min + " to " + max, "");
    }
    Object typed = max == Integer.MAX_VALUE ? value.intValueExact() : (Object) value.longValue();
    return new Reading.Value(typed);
  }

  private static Reading number(Tree.Scalar scalar) {
    if (!NUMBER.matcher(scalar.text()).matches()) {
      return refusal(scalar, "a number", "write for example 10");
    }
    if (quoted(scalar)) {
      return unquote(scalar, "a number");
    }
    double value = Double.parseDouble(scalar.text());
    return Double.isFinite(value)
        ? new Reading.Value(value)
        : refusal(scalar, "a number that fits a double", "");
  }

  private static Reading truth(Tree.Scalar scalar) {
    boolean value = scalar.text().equals("true");
    if (!value && !scalar.text().equals("false")) {
      return refusal(scalar, "true or false", "");
    }
    return quoted(scalar) ? unquote(scalar, "true or false") : new Reading.Value(value);
  }

  private static Reading path(Tree.Scalar scalar) {
    try {
      if (!scalar.text().isEmpty()) {
        return new Reading.Value(Path.of(scalar.text()));
      }
    } catch (InvalidPathException notAPath) {
      return refusal(scalar, "a path", "");
    }
    return refusal(scalar, "a path", "write . for the working directory");
  }

  private static Reading uri(Tree.Scalar scalar) {
    try {
      if (!scalar.text().isEmpty()) {
        return new Reading.Value(URI.create(scalar.text()));
      }
    } catch (IllegalArgumentException notAUri) {
      return refusal(scalar, "a URI", "write for example http://127.0.0.1:8000");
    }
    return refusal(scalar, "a URI", "write for example http://127.0.0.1:8000");
  }

  private static boolean quoted(Tree.Scalar scalar) {
    return !scalar.plain() && !Substitution.concerns(scalar.written());
  }

  private static Reading unquote(Tree.Scalar scalar, String expected) {
    return new Reading.Refusal(
        "must be " + expected + ", got the text " + scalar.shown(),
        "the quotes make it a text: write " + scalar.text() + " without them");
  }

  private static Reading refusal(Tree.Scalar scalar, String expected, String hint) {
    return new Reading.Refusal("must be " + expected + ", got " + scalar.shown(), hint);
  }

  private static Reading reading(Optional<?> value, String message, String hint) {
    return value.isPresent() ? new Reading.Value(value.get()) : new Reading.Refusal(message, hint);
  }
}
