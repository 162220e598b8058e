package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import weir.inference.Quoted;
import weir.inference.Tensor;

/** Reads one request's JSON object, and with it the binary section behind it. */
final class RequestReader {
  private static final List<String> FIELDS = List.of("id", "inputs", "outputs", "parameters");
  private static final int ID = 0;
  private static final int INPUTS = 1;
  private static final int OUTPUTS = 2;
  private static final int PARAMETERS = 3;

  private static final int INPUTS_EXPECTED = 2;

  private final JsonText json;
  private final RowParser.Factory factory;
  private final byte[] body;
  private final int jsonLength;
  private final BinarySection binary;

  private String id = "";
  private List<Tensor> inputs = List.of();
  private int inputsFrom;
  private int inputsTo;
  private List<OutputReader.Selected> outputs = List.of();
  private Map<String, Object> parameters = Map.of();

  RequestReader(
      JsonText json, RowParser.Factory factory, byte[] body, int jsonLength, BinarySection binary) {
    this.json = json;
    this.factory = factory;
    this.body = body;
    this.jsonLength = jsonLength;
    this.binary = binary;
  }

  WireRequest read() throws IOException, Refusal {
    JsonToken first = json.next();
    if (first != JsonToken.START_OBJECT) {
      throw JsonText.expected("an object", first).in("the body");
    }
    Fields fields = new Fields(FIELDS, json.limits().maxParameters());
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      int known = fields.note(field);
      json.next();
      try {
        switch (known) {
          case ID -> id = json.isNull() ? "" : json.string(json.limits().maxNameChars());
          case INPUTS -> json.open(JsonToken.START_ARRAY, "an array");
          case OUTPUTS -> json.openUnlessNull(JsonToken.START_ARRAY, "an array");
          case PARAMETERS -> parameters = ParameterReader.read(json);
          default -> json.skip();
        }
      } catch (Refusal refusal) {
        throw refusal.in(Quoted.plain(field));
      }
      if (known == INPUTS) {
        readInputs();
      } else if (known == OUTPUTS && !json.isNull()) {
        outputs = OutputReader.read(json);
      }
    }
    fields.refuseMisspelt();
    fields.require(INPUTS);
    return request();
  }

  private void readInputs() throws IOException, Refusal {
    inputsFrom = (int) json.parser().currentTokenLocation().getByteOffset();
    inputs = new ArrayList<>(INPUTS_EXPECTED);
    Set<String> names = Set.of();
    while (json.next() != JsonToken.END_ARRAY) {
      if (inputs.size() == json.limits().maxInputs()) {
        throw new Refusal("more than " + inputs.size() + " inputs");
      }
      InputReader reader = InputReader.ofRequest(json, factory, body, jsonLength);
      try {
        Tensor input = reader.read(binary);
        if (inputs.size() == 1) {
          names = new HashSet<>(Set.of(inputs.getFirst().name()));
        }
        if (!inputs.isEmpty() && !names.add(input.name())) {
          throw new Refusal("an earlier input has the same name");
        }
        inputs.add(input);
      } catch (Refusal refusal) {
        String name = reader.name().isEmpty() ? "" : " " + Quoted.name(reader.name());
        throw refusal.in("inputs[" + inputs.size() + "]" + name);
      }
    }
    inputsTo = (int) json.parser().currentLocation().getByteOffset();
  }

  private WireRequest request() throws Refusal {
    if (parameters.isEmpty()) {
      List<WantedOutput> wanted = OutputReader.wanted(outputs, false);
      return new WireRequest(id, inputs, wanted, Map.of(), false, written());
    }
    ParameterReader.refuseSharedMemory(parameters);
    Map<String, Object> own = new HashMap<>(parameters);
    boolean binaryByDefault = ParameterReader.takeFlag(own, "binary_data_output", false);
    List<WantedOutput> wanted = OutputReader.wanted(outputs, binaryByDefault);
    return new WireRequest(id, inputs, wanted, own, binaryByDefault, written());
  }

  /** With a binary section some inputs may be in that. */
  private Optional<ByteBuffer> written() {
    return binary.announced()
        ? Optional.empty()
        : Optional.of(ByteBuffer.wrap(body, inputsFrom, inputsTo - inputsFrom));
  }
}
