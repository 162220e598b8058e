package weir.oip;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes JSON to memory. */
final class JsonOutput {
  private final JsonFactory factory = JsonFactory.builder().recyclerPool(new BufferPool()).build();

  /** Appends what {@code content} writes to {@code target}. */
  void write(GrowableBytes target, Content content) {
    try (JsonGenerator json = factory.createGenerator(target)) {
      content.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("JSON written to memory failed", e);
    }
  }

  /** One JSON value. */
  @FunctionalInterface
  interface Content {
    void write(JsonGenerator json) throws IOException;
  }
}
