package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/**
 * What a server says of its failure: the protocol's {@code {"error": "..."}}, or the field in which
 * plain services say it. Safe for any number of threads.
 */
public final class ErrorText {
  private static final int MAX_CHARS = 200;
  private static final int MAX_BYTES = 64 << 10;
  private static final Set<String> FIELDS = Set.of("error", "detail", "message", "msg");

  private final JsonBody json = JsonBody.ofProtocol(DecodeLimits.defaults());

  /** The first such text, bounded and without controls; empty when the body has none. */
  public String of(byte[] body, int length) {
    if (length > MAX_BYTES) {
      return "";
    }
    try {
      return json.read(body, length, (text, _) -> first(text));
    } catch (Refusal _) {
      return "";
    }
  }

  private static String first(JsonText text) throws IOException {
    String found = "";
    String field = "";
    for (JsonToken token = text.next(); token != JsonToken.NOT_AVAILABLE; token = text.next()) {
      if (token == JsonToken.FIELD_NAME) {
        field = text.parser().currentName();
      } else if (token == JsonToken.VALUE_STRING && found.isEmpty() && FIELDS.contains(field)) {
        found = shown(text.parser().getText());
      }
    }
    return found;
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < MAX_CHARS; i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return shown.append(text.length() > MAX_CHARS ? "…" : "").toString();
  }
}
