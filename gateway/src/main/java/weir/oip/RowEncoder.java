package weir.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.inference.Quoted;
import weir.inference.Tensor;

/**
 * Writes tensors as the rows of a plain service's JSON. An input of shape [n] or [n,1] gives one
 * value to each row, one of shape [n,k] an array. Safe for any number of threads.
 */
public final class RowEncoder {
  /** The forms that rows have. */
  public enum Form {
    OBJECT,
    OBJECTS,
    ARRAYS,
    COLUMNS
  }

  private static final int FRAME_BYTES = 128;

  private final JsonOutput output = new JsonOutput();
  private final Form form;
  private final JsonPointer at;
  private final Map<String, String> fields;

  /** {@code at} is where the rows stand; {@code fields} renames inputs. */
  public RowEncoder(Form form, JsonPointer at, Map<String, String> fields) {
    this.form = form;
    this.at = at;
    this.fields = Map.copyOf(fields);
  }

  /** Encodes inputs, whose order is that of the columns; {@code Unsayable} says what cannot be. */
  public Encoded encode(List<Tensor> inputs) {
    List<Column> columns = new ArrayList<>(inputs.size());
    long expected = FRAME_BYTES;
    for (Tensor input : inputs) {
      Optional<String> problem = problem(input, inputs.getFirst());
      if (problem.isPresent()) {
        String name = Quoted.name(input.name());
        return new Encoded.Unsayable(input.name(), "input %s: %s".formatted(name, problem.get()));
      }
      columns.add(Column.of(fields.getOrDefault(input.name(), input.name()), input));
      expected += TensorJson.expectedBytes(input, false);
    }
    GrowableBytes body = new GrowableBytes((int) Math.min(expected, Integer.MAX_VALUE - 8));
    int rows = inputs.isEmpty() ? 0 : rows(inputs.getFirst());
    output.write(body, json -> write(json, columns, rows));
    return new Encoded.Body(body.array(), body.length(), -1);
  }

  private Optional<String> problem(Tensor input, Tensor first) {
    int rank = input.shape().rank();
    if (rank < 1 || rank > 2) {
      return Optional.of("shape %s is none of rows".formatted(input.shape()));
    }
    if (rows(input) != rows(first)) {
      return Optional.of(
          "%d rows, but %d in %s".formatted(rows(input), rows(first), Quoted.name(first.name())));
    }
    if (form == Form.OBJECT && rows(input) != 1) {
      return Optional.of("%d rows, but the service takes one".formatted(rows(input)));
    }
    return TensorText.unsayable(input).map(why -> why + ", which the service's JSON cannot say");
  }

  private static int rows(Tensor input) {
    return (int) input.shape().dimension(0);
  }

  private void write(JsonGenerator json, List<Column> columns, int rows) throws IOException {
    for (String segment : at.segments()) {
      json.writeStartObject();
      json.writeFieldName(segment);
    }
    switch (form) {
      case OBJECT -> writeObject(json, columns, 0);
      case OBJECTS -> {
        json.writeStartArray();
        for (int row = 0; row < rows; row++) {
          writeObject(json, columns, row);
        }
        json.writeEndArray();
      }
      case ARRAYS -> {
        json.writeStartArray();
        for (int row = 0; row < rows; row++) {
          json.writeStartArray();
          for (Column column : columns) {
            column.write(json, row);
          }
          json.writeEndArray();
        }
        json.writeEndArray();
      }
      case COLUMNS -> writeColumns(json, columns, rows);
    }
    for (int i = 0; i < at.segments().size(); i++) {
      json.writeEndObject();
    }
  }

  private static void writeObject(JsonGenerator json, List<Column> columns, int row)
      throws IOException {
    json.writeStartObject();
    for (Column column : columns) {
      json.writeFieldName(column.field());
      column.write(json, row);
    }
    json.writeEndObject();
  }

  private static void writeColumns(JsonGenerator json, List<Column> columns, int rows)
      throws IOException {
    json.writeStartObject();
    for (Column column : columns) {
      json.writeArrayFieldStart(column.field());
      for (int row = 0; row < rows; row++) {
        column.write(json, row);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /** One input under its field; {@code strings} holds the values of a BYTES one. */
  private record Column(String field, Tensor tensor, List<String> strings) {
    static Column of(String field, Tensor tensor) {
      return new Column(
          field, tensor, tensor.datatype().width() == 0 ? List.of(tensor.strings()) : List.of());
    }

    void write(JsonGenerator json, int row) throws IOException {
      if (tensor.shape().rank() == 1 || tensor.shape().dimension(1) == 1) {
        writeElement(json, row);
        return;
      }
      int width = (int) tensor.shape().dimension(1);
      json.writeStartArray();
      for (int i = 0; i < width; i++) {
        writeElement(json, row * width + i);
      }
      json.writeEndArray();
    }

    private void writeElement(JsonGenerator json, int index) throws IOException {
      if (tensor.datatype().width() == 0) {
        json.writeString(strings.get(index));
      } else {
        TensorText.writeValue(json, tensor.data(), tensor.datatype(), index);
      }
    }
  }
}
