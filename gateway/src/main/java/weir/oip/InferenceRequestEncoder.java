package weir.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.inference.InferenceRequest;
import weir.inference.Quoted;
import weir.inference.Tensor;

/**
 * Turns a request into the body that a server of the protocol takes: JSON, or with {@code binary}
 * JSON and behind it the raw bytes of the inputs, whose outputs are then asked for as raw bytes
 * too.
 *
 * <p>JSON has no NaN, no infinity and no bytes that are not UTF-8: {@link Encoded.Unsayable} names
 * the input of such a value. Inputs that the caller wrote in JSON are sent in the caller's own
 * bytes, which were read and held against the model before. Safe for any number of threads.
 */
public final class InferenceRequestEncoder {
  private static final int FRAME_BYTES = 256;
  private static final String BINARY_DATA_OUTPUT = "binary_data_output";

  private final JsonOutput output = new JsonOutput();

  public Encoded encode(InferenceRequest request, boolean binary) {
    Optional<ByteBuffer> written = binary ? Optional.empty() : request.written();
    Optional<Encoded.Unsayable> unsayable = unsayable(request, binary || written.isPresent());
    if (unsayable.isPresent()) {
      return unsayable.get();
    }
    long expected = expected(request, written, binary);
    GrowableBytes body = new GrowableBytes((int) Math.min(expected, Integer.MAX_VALUE - 8));
    output.write(
        body,
        json -> {
          writeStart(json, request, binary);
          writeInputs(json, request, written, binary, body);
          writeEnd(json, request, binary);
        });
    int jsonLength = body.length();
    if (binary) {
      for (Tensor input : request.inputs()) {
        body.append(input.data());
      }
    }
    return new Encoded.Body(body.array(), body.length(), binary ? jsonLength : -1);
  }

  private static long expected(
      InferenceRequest request, Optional<ByteBuffer> written, boolean binary) {
    if (written.isPresent()) {
      return (long) FRAME_BYTES + written.get().remaining();
    }
    long expected = FRAME_BYTES;
    for (Tensor input : request.inputs()) {
      expected += TensorJson.expectedBytes(input, binary);
    }
    return expected;
  }

  private static Optional<Encoded.Unsayable> unsayable(
      InferenceRequest request, boolean inputsAreBytes) {
    for (Map.Entry<String, Object> parameter : request.parameters().entrySet()) {
      if (parameter.getValue() instanceof Double value && !Double.isFinite(value)) {
        return Optional.of(
            new Encoded.Unsayable(
                parameter.getKey(),
                "parameter %s is not a finite number, which JSON cannot say"
                    .formatted(Quoted.name(parameter.getKey()))));
      }
    }
    for (Tensor input : inputsAreBytes ? List.<Tensor>of() : request.inputs()) {
      Optional<String> why = TensorText.unsayable(input);
      if (why.isPresent()) {
        return Optional.of(
            new Encoded.Unsayable(
                input.name(),
                "input %s: %s, which JSON cannot say"
                    .formatted(Quoted.name(input.name()), why.get())));
      }
    }
    return Optional.empty();
  }

  private static void writeStart(JsonGenerator json, InferenceRequest request, boolean binary)
      throws IOException {
    json.writeStartObject();
    if (!request.id().isEmpty()) {
      json.writeStringField("id", request.id());
    }
    boolean allBinary = binary && request.outputs().isEmpty();
    if (allBinary || !request.parameters().isEmpty()) {
      writeParameters(json, request.parameters(), allBinary);
    }
  }

  private static void writeInputs(
      JsonGenerator json,
      InferenceRequest request,
      Optional<ByteBuffer> written,
      boolean binary,
      GrowableBytes body)
      throws IOException {
    json.writeFieldName("inputs");
    if (written.isPresent()) {
      json.writeRawValue("");
      json.flush();
      body.append(written.get());
      return;
    }
    json.writeStartArray();
    for (Tensor input : request.inputs()) {
      TensorJson.write(json, input, binary);
    }
    json.writeEndArray();
  }

  private static void writeEnd(JsonGenerator json, InferenceRequest request, boolean binary)
      throws IOException {
    if (!request.outputs().isEmpty()) {
      writeWanted(json, request.outputs(), binary);
    }
    json.writeEndObject();
  }

  private static void writeParameters(
      JsonGenerator json, Map<String, Object> parameters, boolean allBinary) throws IOException {
    json.writeObjectFieldStart("parameters");
    if (allBinary) {
      json.writeBooleanField(BINARY_DATA_OUTPUT, true);
    }
    for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
      if (!parameter.getKey().equals(BINARY_DATA_OUTPUT)) {
        json.writeFieldName(parameter.getKey());
        writeParameter(json, parameter.getValue());
      }
    }
    json.writeEndObject();
  }

  private static void writeParameter(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case Boolean flag -> json.writeBoolean(flag);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      default -> json.writeString(value.toString());
    }
  }

  private static void writeWanted(JsonGenerator json, List<String> outputs, boolean binary)
      throws IOException {
    json.writeArrayFieldStart("outputs");
    for (String name : outputs) {
      json.writeStartObject();
      json.writeStringField("name", name);
      if (binary) {
        json.writeObjectFieldStart("parameters");
        json.writeBooleanField("binary_data", true);
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
