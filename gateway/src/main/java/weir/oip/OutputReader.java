package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import weir.inference.Quoted;

/** Reads {@code outputs}, the caller's selection. */
final class OutputReader {
  private static final List<String> FIELDS = List.of("name", "parameters");
  private static final int NAME = 0;
  private static final int PARAMETERS = 1;

  private OutputReader() {}

  /** One selected output; whether it is binary is open when the caller did not say. */
  record Selected(String name, Optional<Boolean> binary) {}

  /** The array that starts at the current token. */
  static List<Selected> read(JsonText json) throws IOException, Refusal {
    List<Selected> outputs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (json.next() != JsonToken.END_ARRAY) {
      if (outputs.size() == json.limits().maxOutputs()) {
        throw new Refusal("more than " + outputs.size() + " outputs");
      }
      try {
        Selected output = readOne(json);
        if (!names.add(output.name())) {
          throw new Refusal("an earlier output has the same name");
        }
        outputs.add(output);
      } catch (Refusal refusal) {
        throw refusal.in("outputs[" + outputs.size() + "]");
      }
    }
    return outputs;
  }

  private static Selected readOne(JsonText json) throws IOException, Refusal {
    json.open(JsonToken.START_OBJECT, "an object");
    Fields fields = new Fields(FIELDS, json.limits().maxParameters());
    String name = "";
    Map<String, Object> parameters = Map.of();
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      int known = fields.note(field);
      json.next();
      try {
        switch (known) {
          case NAME -> name = json.name();
          case PARAMETERS -> parameters = ParameterReader.read(json);
          default -> json.skip();
        }
      } catch (Refusal refusal) {
        throw refusal.in(Quoted.plain(field));
      }
    }
    fields.refuseMisspelt();
    fields.require(NAME);
    return new Selected(name, binary(parameters));
  }

  private static Optional<Boolean> binary(Map<String, Object> parameters) throws Refusal {
    ParameterReader.refuseSharedMemory(parameters);
    if (parameters.containsKey("classification")) {
      throw new Refusal("classification is not served; ask for the output itself");
    }
    return parameters.containsKey("binary_data")
        ? Optional.of(ParameterReader.takeFlag(parameters, "binary_data", false))
        : Optional.empty();
  }

  /** The selection, once it is known how outputs come when nothing is said of them. */
  static List<WantedOutput> wanted(List<Selected> outputs, boolean binaryByDefault) {
    if (outputs.isEmpty()) {
      return List.of();
    }
    List<WantedOutput> wanted = new ArrayList<>(outputs.size());
    for (Selected output : outputs) {
      wanted.add(new WantedOutput(output.name(), output.binary().orElse(binaryByDefault)));
    }
    return wanted;
  }
}
