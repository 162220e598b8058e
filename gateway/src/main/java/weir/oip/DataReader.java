package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import weir.inference.Datatype;
import weir.inference.Shape;

/**
 * Reads an input's {@code data}: row-major, either flat or nested exactly as its shape says.
 *
 * <p>Room is made for no more elements than the JSON's length could hold, whatever the shape says.
 */
final class DataReader {
  private final JsonText json;
  private final Shape shape;
  private final Values values;
  private final long elements;

  /** {@code shape} has no open dimension; {@code jsonLength} bounds the room that is made. */
  DataReader(JsonText json, Datatype datatype, Shape shape, int jsonLength) {
    this.json = json;
    this.shape = shape;
    this.elements = shape.elements();
    int capacity = (int) Math.min(elements, jsonLength / 2 + 1);
    this.values =
        datatype == Datatype.BYTES
            ? new StringValues(capacity, json.limits().maxStringBytes())
            : new FixedWidthValues(datatype, capacity);
  }

  /** The data of the array that starts at the current token. */
  ByteBuffer read() throws IOException, Refusal {
    boolean whole = putRow(0, elements);
    JsonToken first = json.next();
    if (whole) {
      return values.data();
    }
    if (first == JsonToken.START_ARRAY && shape.rank() > 1) {
      readNested();
    } else {
      readFlat(first);
    }
    return values.data();
  }

  private void readFlat(JsonToken first) throws IOException, Refusal {
    int count = 0;
    int capacity = values.capacity();
    for (JsonToken token = first; token != JsonToken.END_ARRAY; token = json.next()) {
      try {
        if (count < capacity) {
          values.put(token, json, count);
        } else {
          json.skip();
        }
      } catch (Refusal refusal) {
        throw refusal.in("data[" + count + "]");
      }
      count++;
    }
    if (count != elements) {
      throw new Refusal("data has %s, shape %s takes %d".formatted(values(count), shape, elements));
    }
  }

  private void readNested() throws IOException, Refusal {
    int[] indices = new int[shape.rank()];
    int depth = 2;
    int count = 0;
    boolean opened = true;
    while (depth > 0) {
      if (opened && depth == shape.rank() && putRow(count, shape.dimension(depth - 1))) {
        indices[depth - 1] = (int) shape.dimension(depth - 1);
        count += indices[depth - 1];
      }
      JsonToken token = json.next();
      opened = token == JsonToken.START_ARRAY;
      if (token == JsonToken.END_ARRAY) {
        checkRow(indices, depth);
        depth--;
        if (depth > 0) {
          indices[depth - 1]++;
        }
      } else if (depth == shape.rank()) {
        putNested(token, indices, count);
        count++;
        indices[depth - 1]++;
      } else if (token == JsonToken.START_ARRAY) {
        indices[depth] = 0;
        depth++;
      } else {
        throw JsonText.expected("an array", token).in(place(indices, depth));
      }
    }
  }

  private boolean putRow(int count, long length) {
    return length <= values.capacity() - count && values.putRow(json, count, (int) length);
  }

  private void putNested(JsonToken token, int[] indices, int count) throws IOException, Refusal {
    try {
      if (count < values.capacity()) {
        values.put(token, json, count);
      } else {
        json.skip();
      }
    } catch (Refusal refusal) {
      throw refusal.in(place(indices, indices.length));
    }
  }

  private void checkRow(int[] indices, int depth) throws Refusal {
    int count = indices[depth - 1];
    if (count != shape.dimension(depth - 1)) {
      String counted =
          depth == shape.rank() ? values(count) : count + (count == 1 ? " row" : " rows");
      throw new Refusal(
          "%s has %s, shape %s takes %d"
              .formatted(place(indices, depth - 1), counted, shape, shape.dimension(depth - 1)));
    }
  }

  private static String values(int count) {
    return count + (count == 1 ? " value" : " values");
  }

  private static String place(int[] indices, int depth) {
    StringBuilder place = new StringBuilder("data");
    for (int i = 0; i < depth; i++) {
      place.append('[').append(indices[i]).append(']');
    }
    return place.toString();
  }
}
