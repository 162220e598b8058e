package weir.oip;

import inference.InferParameter;
import java.util.HashMap;
import java.util.Map;
import weir.inference.Quoted;

/** Parameters of gRPC messages: names to a String, Long, Double or Boolean each. */
final class GrpcParameters {
  private GrpcParameters() {}

  static Map<String, Object> read(Map<String, InferParameter> given, DecodeLimits limits)
      throws Refusal {
    if (given.isEmpty()) {
      return Map.of();
    }
    if (given.size() > limits.maxParameters()) {
      throw new Refusal("more than " + limits.maxParameters() + " parameters");
    }
    Map<String, Object> read = HashMap.newHashMap(given.size());
    for (Map.Entry<String, InferParameter> each : given.entrySet()) {
      requireName(each.getKey(), limits);
      try {
        read.put(each.getKey(), value(each.getValue(), limits));
      } catch (Refusal refusal) {
        throw refusal.in("parameters: " + Quoted.plain(each.getKey()));
      }
    }
    ParameterReader.refuseSharedMemory(read);
    return read;
  }

  private static Object value(InferParameter parameter, DecodeLimits limits) throws Refusal {
    return switch (parameter.getParameterChoiceCase()) {
      case BOOL_PARAM -> parameter.getBoolParam();
      case INT64_PARAM -> parameter.getInt64Param();
      case UINT64_PARAM -> unsigned(parameter.getUint64Param());
      case DOUBLE_PARAM -> finite(parameter.getDoubleParam());
      case STRING_PARAM -> text(parameter.getStringParam(), limits);
      case PARAMETERCHOICE_NOT_SET -> throw new Refusal("the value is missing");
    };
  }

  private static Object unsigned(long value) throws Refusal {
    if (value < 0) {
      throw new Refusal("the integer does not fit 63 bits");
    }
    return value;
  }

  private static Object finite(double value) throws Refusal {
    if (!Double.isFinite(value)) {
      throw new Refusal("the number is not finite");
    }
    return value;
  }

  private static Object text(String value, DecodeLimits limits) throws Refusal {
    if (value.length() > limits.maxStringBytes()) {
      throw new Refusal("the string is longer than " + limits.maxStringBytes() + " characters");
    }
    return value;
  }

  static void requireName(String name, DecodeLimits limits) throws Refusal {
    if (name.length() > limits.maxNameChars()) {
      throw new Refusal("a name is longer than " + limits.maxNameChars() + " characters");
    }
  }

  static InferParameter write(Object value) {
    InferParameter.Builder parameter = InferParameter.newBuilder();
    return switch (value) {
      case Boolean flag -> parameter.setBoolParam(flag).build();
      case Long number -> parameter.setInt64Param(number).build();
      case Double number -> parameter.setDoubleParam(number).build();
      default -> parameter.setStringParam(value.toString()).build();
    };
  }
}
