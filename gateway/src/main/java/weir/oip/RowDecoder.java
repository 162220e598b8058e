package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;

/**
 * Reads the outputs of a plain service's JSON from the places where they stand, one value or array
 * of values for each row; it throws on no answer. Safe for any number of threads.
 */
public final class RowDecoder {
  private final DecodeLimits limits;
  private final JsonBody json;

  public RowDecoder(DecodeLimits limits) {
    this.limits = limits;
    this.json = JsonBody.ofAnyForm(limits);
  }

  /** Where an output stands; its shape is [rows] or [rows, k] with k known. */
  public record Place(TensorSpec spec, JsonPointer pointer) {
    public Place {
      int rank = spec.shape().rank();
      if (rank < 1 || rank > 2 || (rank == 2 && spec.shape().dimension(1) < 1)) {
        throw new IllegalArgumentException(
            "an output of rows has the shape [-1] or [-1,k], not " + spec.shape());
      }
    }

    private int width() {
      return spec.shape().rank() == 1 ? 1 : (int) Math.min(1 << 27, spec.shape().dimension(1));
    }
  }

  /** Decodes the first {@code length} bytes of an answer to {@code rows} rows. */
  public DecodedOutputs decode(byte[] body, int length, List<Place> places, int rows) {
    List<Tensor> outputs = new ArrayList<>(places.size());
    try {
      for (Place place : places) {
        outputs.add(json.read(body, length, (text, _) -> read(text, place, rows, length)));
      }
      return new DecodedOutputs.Valid(outputs);
    } catch (Refusal refusal) {
      return new DecodedOutputs.Invalid(refusal.reason());
    }
  }

  private Tensor read(JsonText text, Place place, int rows, int length)
      throws IOException, Refusal {
    TensorSpec spec = place.spec();
    Shape shape = spec.shape().rank() == 1 ? Shape.of(rows) : Shape.of(rows, place.width());
    long elements = shape.elements();
    text.next();
    try {
      if (!shape.fits(spec.shape())) {
        throw new Refusal("%d rows do not fit the shape %s".formatted(rows, spec.shape()));
      }
      int capacity = (int) Math.min(Math.min(elements, limits.maxElements()), length);
      Values values =
          spec.datatype() == Datatype.BYTES
              ? new StringValues(capacity, limits.maxStringBytes())
              : new FixedWidthValues(spec.datatype(), capacity);
      int count = new Walk(text, place, values).from(0);
      if (count != elements) {
        throw new Refusal("%d values for %d rows of %d".formatted(count, rows, place.width()));
      }
      return new Tensor(spec.name(), spec.datatype(), shape, values.data());
    } catch (Refusal refusal) {
      String pointer = place.pointer().text();
      throw refusal.in(pointer.isEmpty() ? "the answer" : pointer);
    }
  }

  /** One pass through the answer to the values that a pointer names. */
  private static final class Walk {
    private final JsonText text;
    private final Place place;
    private final Values values;
    private int count;

    Walk(JsonText text, Place place, Values values) {
      this.text = text;
      this.place = place;
      this.values = values;
    }

    /** Goes on from the segment of that index at the current value, to the value's last token. */
    int from(int index) throws IOException, Refusal {
      List<String> segments = place.pointer().segments();
      JsonToken token = text.parser().currentToken();
      if (index == segments.size()) {
        leaf(token);
        return count;
      }
      String segment = segments.get(index);
      if (segment.equals(JsonPointer.EACH)) {
        text.open(JsonToken.START_ARRAY, "an array at '*'");
        while (text.next() != JsonToken.END_ARRAY) {
          from(index + 1);
        }
      } else if (token == JsonToken.START_OBJECT) {
        field(segment, index);
      } else if (token == JsonToken.START_ARRAY) {
        element(segment, index);
      } else {
        throw JsonText.expected("an object with '" + segment + "'", token);
      }
      return count;
    }

    private void field(String segment, int index) throws IOException, Refusal {
      boolean found = false;
      for (String field = text.nextField(); field != null; field = text.nextField()) {
        text.next();
        if (field.equals(segment)) {
          found = true;
          from(index + 1);
        } else {
          text.skip();
        }
      }
      if (!found) {
        throw new Refusal("there is no '" + segment + "'");
      }
    }

    private void element(String segment, int index) throws IOException, Refusal {
      boolean found = false;
      for (int i = 0; text.next() != JsonToken.END_ARRAY; i++) {
        if (segment.equals(Integer.toString(i))) {
          found = true;
          from(index + 1);
        } else {
          text.skip();
        }
      }
      if (!found) {
        throw new Refusal("there is no element '" + segment + "'");
      }
    }

    private void leaf(JsonToken token) throws IOException, Refusal {
      if (token != JsonToken.START_ARRAY || place.spec().shape().rank() == 1) {
        if (place.width() != 1) {
          throw JsonText.expected("an array of " + place.width() + " values", token);
        }
        put(token);
        return;
      }
      int before = count;
      for (JsonToken next = text.next(); next != JsonToken.END_ARRAY; next = text.next()) {
        put(next);
      }
      if (count - before != place.width()) {
        throw new Refusal("a row has %d values, not %d".formatted(count - before, place.width()));
      }
    }

    private void put(JsonToken token) throws IOException, Refusal {
      if (token.isStructStart()) {
        throw JsonText.expected(values.expectation(), token);
      }
      if (count < values.capacity()) {
        values.put(token, text, count);
      }
      count++;
    }
  }
}
