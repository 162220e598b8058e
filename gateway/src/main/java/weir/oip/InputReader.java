package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.inference.Datatype;
import weir.inference.Quoted;
import weir.inference.Shape;
import weir.inference.Tensor;

/**
 * Reads one object of a request's {@code inputs} or an answer's {@code outputs}, whose fields may
 * come in any order.
 *
 * <p>Data that follows its shape and datatype is read as it comes. Data that precedes one of them
 * is passed over and read again from its place in the body when the object ends. Servers add fields
 * and parameters of their own to outputs; in those only what the transport needs is looked at.
 */
final class InputReader {
  private static final List<String> FIELDS =
      List.of("name", "shape", "datatype", "parameters", "data");
  private static final int NAME = 0;
  private static final int SHAPE = 1;
  private static final int DATATYPE = 2;
  private static final int PARAMETERS = 3;
  private static final int DATA = 4;
  private static final String DATATYPES =
      Arrays.stream(Datatype.values()).map(Datatype::name).collect(Collectors.joining(", "));
  private static final String BINARY_DATA_SIZE = "binary_data_size";

  private final JsonText json;
  private final RowParser.Factory factory;
  private final byte[] body;
  private final int jsonLength;
  private final Fields fields;
  private final boolean answer;

  private String name = "";
  private @Nullable Shape shape;
  private @Nullable Datatype datatype;
  private Map<String, Object> parameters = Map.of();
  private @Nullable ByteBuffer data;
  private int dataFrom;
  private int dataTo;

  private InputReader(
      JsonText json, RowParser.Factory factory, byte[] body, int jsonLength, boolean answer) {
    this.json = json;
    this.factory = factory;
    this.body = body;
    this.jsonLength = jsonLength;
    this.fields = new Fields(FIELDS, json.limits().maxParameters());
    this.answer = answer;
  }

  static InputReader ofRequest(
      JsonText json, RowParser.Factory factory, byte[] body, int jsonLength) {
    return new InputReader(json, factory, body, jsonLength, false);
  }

  static InputReader ofAnswer(
      JsonText json, RowParser.Factory factory, byte[] body, int jsonLength) {
    return new InputReader(json, factory, body, jsonLength, true);
  }

  /** The name as far as it was read, for messages; empty before. */
  String name() {
    return name;
  }

  /** The tensor of the object that starts at the current token. */
  Tensor read(BinarySection binary) throws IOException, Refusal {
    json.open(JsonToken.START_OBJECT, "an object");
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      int known = fields.note(field);
      json.next();
      switch (known) {
        case NAME -> name = named("name");
        case SHAPE -> shape = readShape();
        case DATATYPE -> datatype = readDatatype();
        case PARAMETERS -> parameters = readParameters();
        case DATA -> readData();
        default -> skipUnknown(field);
      }
    }
    return tensor(binary);
  }

  private String named(String field) throws IOException, Refusal {
    try {
      return json.name();
    } catch (Refusal refusal) {
      throw refusal.in(field);
    }
  }

  private Shape readShape() throws IOException, Refusal {
    if (json.parser().currentToken() != JsonToken.START_ARRAY) {
      throw JsonText.expected("an array", json.parser().currentToken()).in("shape");
    }
    long[] dimensions = new long[2];
    int rank = 0;
    while (json.next() != JsonToken.END_ARRAY) {
      if (rank == json.limits().maxDepth()) {
        throw new Refusal("shape has more than " + rank + " dimensions");
      }
      if (rank == dimensions.length) {
        dimensions = Arrays.copyOf(dimensions, 2 * rank);
      }
      dimensions[rank] = dimension(rank);
      rank++;
    }
    Shape read = Shape.of(Arrays.copyOf(dimensions, rank));
    long elements = read.elements();
    if (elements < 0 || elements > json.limits().maxElements()) {
      throw new Refusal(
          "shape %s has more than %d elements".formatted(read, json.limits().maxElements()));
    }
    return read;
  }

  private long dimension(int index) throws IOException, Refusal {
    try {
      long dimension = json.integer();
      if (dimension < 0) {
        throw new Refusal("a dimension is not negative");
      }
      return dimension;
    } catch (Refusal refusal) {
      throw refusal.in("shape[" + index + "]");
    }
  }

  private Datatype readDatatype() throws IOException, Refusal {
    String given = named("datatype");
    Datatype found = Datatype.named(given).orElse(null);
    if (found == null) {
      throw new Refusal(
          "'datatype' %s is unknown; use one of %s".formatted(Quoted.plain(given), DATATYPES));
    }
    return found;
  }

  private Map<String, Object> readParameters() throws IOException, Refusal {
    Map<String, Object> read;
    try {
      read =
          answer ? ParameterReader.transport(json, BINARY_DATA_SIZE) : ParameterReader.read(json);
    } catch (Refusal refusal) {
      throw refusal.in("parameters");
    }
    ParameterReader.refuseSharedMemory(read);
    return read;
  }

  private void readData() throws IOException, Refusal {
    if (json.parser().currentToken() != JsonToken.START_ARRAY) {
      throw JsonText.expected("an array", json.parser().currentToken()).in("data");
    }
    if (datatype != null && shape != null) {
      data = new DataReader(json, datatype, shape, jsonLength).read();
      return;
    }
    dataFrom = (int) json.parser().currentTokenLocation().getByteOffset();
    try {
      json.skip();
    } catch (Refusal refusal) {
      throw refusal.in("data");
    }
    dataTo = (int) json.parser().currentLocation().getByteOffset();
  }

  private void skipUnknown(String field) throws IOException, Refusal {
    try {
      json.skip();
    } catch (Refusal refusal) {
      throw refusal.in(Quoted.plain(field));
    }
  }

  private Tensor tensor(BinarySection binary) throws IOException, Refusal {
    if (!answer) {
      fields.refuseMisspelt();
    }
    fields.require(NAME);
    if (shape == null) {
      throw new Refusal("'shape' is missing");
    }
    if (datatype == null) {
      throw new Refusal("'datatype' is missing");
    }
    ByteBuffer values;
    Object size = parameters.get(BINARY_DATA_SIZE);
    if (size != null) {
      values = binaryData(binary, size, datatype, shape);
    } else {
      fields.require(DATA);
      values = data == null ? readSkippedData(datatype, shape) : data;
    }
    return new Tensor(name, datatype, shape, values);
  }

  private ByteBuffer binaryData(BinarySection binary, Object size, Datatype datatype, Shape shape)
      throws Refusal {
    if (fields.has(DATA)) {
      throw new Refusal("both 'data' and parameters.binary_data_size are given; use one");
    }
    if (size instanceof Long bytes) {
      return binary.take(bytes, datatype, shape);
    }
    throw new Refusal("parameters: binary_data_size: expected an integer");
  }

  private ByteBuffer readSkippedData(Datatype datatype, Shape shape) throws IOException, Refusal {
    try (RowParser slice = factory.createParser(body, dataFrom, dataTo - dataFrom)) {
      JsonText text = new JsonText(slice, json.limits());
      text.next();
      return new DataReader(text, datatype, shape, dataTo - dataFrom).read();
    }
  }
}
