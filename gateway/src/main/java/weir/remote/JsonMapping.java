package weir.remote;

import java.util.Map;
import weir.oip.JsonPointer;

/**
 * How tensors become the JSON of a plain service, and its answer tensors again.
 *
 * <p>{@code layout} is the form of the rows and {@code at} the JSON Pointer to where they stand in
 * the body, empty for the body itself. {@code fields} gives an input's field where its name
 * differs. {@code outputs} gives each output's place in the answer as a JSON Pointer, in which
 * {@code *} stands for "each row", at most once: {@code /predictions/*}{@code /price}. A place
 * without it holds the answer to one row.
 */
public record JsonMapping(
    Layout layout, String at, Map<String, String> fields, Map<String, String> outputs) {
  /** The forms that services take rows in. */
  public enum Layout {
    /** One row as an object; a request of several rows is refused. */
    OBJECT,
    /** An array of objects, one for each row. */
    OBJECTS,
    /** An array of arrays of values, in the order of the inputs. */
    ARRAYS,
    /** An object with an array for each input. */
    COLUMNS
  }

  public JsonMapping {
    fields = Map.copyOf(fields);
    outputs = Map.copyOf(outputs);
    if (JsonPointer.parse(at).each()) {
      throw new IllegalArgumentException("at names one place, without '*', not '" + at + "'");
    }
    outputs.values().forEach(JsonPointer::parse);
  }

  public static JsonMapping defaults() {
    return new JsonMapping(Layout.OBJECTS, "", Map.of(), Map.of());
  }
}
