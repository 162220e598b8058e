package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import weir.inference.Quoted;

/** Reads a {@code parameters} object: names to a String, Long, Double or Boolean each. */
final class ParameterReader {
  private static final Set<String> SHARED_MEMORY =
      Set.of("shared_memory_region", "shared_memory_byte_size", "shared_memory_offset");

  private ParameterReader() {}

  /** The object that starts at the current token; null stands for none. */
  static Map<String, Object> read(JsonText json) throws IOException, Refusal {
    json.openUnlessNull(JsonToken.START_OBJECT, "an object");
    if (json.isNull()) {
      return Map.of();
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (String name = json.nextField(); name != null; name = json.nextField()) {
      json.next();
      try {
        if (name.isEmpty()) {
          throw new Refusal("a name is empty");
        }
        if (parameters.size() >= json.limits().maxParameters()) {
          throw new Refusal("more than " + json.limits().maxParameters() + " parameters");
        }
        if (parameters.putIfAbsent(name, value(json)) != null) {
          throw new Refusal("the parameter is given twice");
        }
      } catch (Refusal refusal) {
        throw refusal.in(Quoted.plain(name));
      }
    }
    return parameters;
  }

  /** That parameter alone of the object that starts at the current token, if it is there. */
  static Map<String, Object> transport(JsonText json, String wanted) throws IOException, Refusal {
    json.openUnlessNull(JsonToken.START_OBJECT, "an object");
    if (json.isNull()) {
      return Map.of();
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (String name = json.nextField(); name != null; name = json.nextField()) {
      json.next();
      if (!name.equals(wanted)) {
        json.skip();
      } else if (parameters.putIfAbsent(name, value(json)) != null) {
        throw new Refusal(name + ": the parameter is given twice");
      }
    }
    return parameters;
  }

  private static Object value(JsonText json) throws IOException, Refusal {
    JsonToken token = json.parser().currentToken();
    return switch (token) {
      case VALUE_STRING -> json.string(json.limits().maxStringBytes());
      case VALUE_TRUE, VALUE_FALSE -> json.bool();
      case VALUE_NUMBER_INT -> json.integer();
      case VALUE_NUMBER_FLOAT -> finite(json.parser().getDoubleValue());
      case null, default -> throw JsonText.expected("a string, number or boolean", token);
    };
  }

  private static double finite(double value) throws Refusal {
    if (!Double.isFinite(value)) {
      throw new Refusal("the number is beyond the range of 64-bit floats");
    }
    return value;
  }

  /** Takes a boolean of the transport out of the parameters. */
  static boolean takeFlag(Map<String, Object> parameters, String name, boolean otherwise)
      throws Refusal {
    if (!parameters.containsKey(name)) {
      return otherwise;
    }
    if (parameters.remove(name) instanceof Boolean flag) {
      return flag;
    }
    throw new Refusal("parameters: " + name + ": expected true or false");
  }

  /** Refuses what would read or write memory that the client does not send. */
  static void refuseSharedMemory(Map<String, Object> parameters) throws Refusal {
    for (String name : parameters.keySet()) {
      if (SHARED_MEMORY.contains(name)) {
        throw new Refusal("shared memory is not served; move tensors in the body");
      }
    }
  }
}
