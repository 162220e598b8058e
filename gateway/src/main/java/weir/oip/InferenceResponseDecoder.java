package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.inference.Quoted;
import weir.inference.Tensor;

/**
 * Turns the bytes of a server's answer into its outputs, or says what is wrong with them; it throws
 * on no answer.
 *
 * <p>As strict as {@link RequestDecoder} about the outputs; what else a server tells is passed
 * over. Outputs that came as binary data are views of the body, so the caller leaves the array
 * alone for as long as they live. Safe for any number of threads.
 */
public final class InferenceResponseDecoder {
  private static final List<String> FIELDS =
      List.of("outputs", "model_name", "model_version", "id", "parameters");
  private static final int OUTPUTS = 0;

  private final DecodeLimits limits;
  private final JsonBody json;

  public InferenceResponseDecoder(DecodeLimits limits) {
    this.limits = limits;
    this.json = JsonBody.ofProtocol(limits);
  }

  /**
   * Decodes the first {@code length} bytes of {@code body}. {@code jsonLength} is the value of the
   * header {@code Inference-Header-Content-Length}, or −1 when it is absent.
   */
  public DecodedOutputs decode(byte[] body, int length, int jsonLength) {
    try {
      BinarySection binary = BinarySection.of(body, length, jsonLength, limits);
      int end = binary.start();
      List<Tensor> outputs =
          json.read(body, end, (text, factory) -> read(text, factory, body, end, binary));
      binary.finish("output");
      return new DecodedOutputs.Valid(outputs);
    } catch (Refusal refusal) {
      return new DecodedOutputs.Invalid(refusal.reason());
    }
  }

  private static List<Tensor> read(
      JsonText json, RowParser.Factory factory, byte[] body, int jsonLength, BinarySection binary)
      throws IOException, Refusal {
    JsonToken first = json.next();
    if (first != JsonToken.START_OBJECT) {
      throw JsonText.expected("an object", first).in("the body");
    }
    List<Tensor> outputs = List.of();
    Fields fields = new Fields(FIELDS, json.limits().maxParameters());
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      int known = fields.note(field);
      json.next();
      if (known == OUTPUTS) {
        outputs = readOutputs(json, factory, body, jsonLength, binary);
      } else {
        skip(json, field);
      }
    }
    fields.require(OUTPUTS);
    return outputs;
  }

  private static void skip(JsonText json, String field) throws IOException, Refusal {
    try {
      json.skip();
    } catch (Refusal refusal) {
      throw refusal.in(Quoted.plain(field));
    }
  }

  private static List<Tensor> readOutputs(
      JsonText json, RowParser.Factory factory, byte[] body, int jsonLength, BinarySection binary)
      throws IOException, Refusal {
    if (json.parser().currentToken() != JsonToken.START_ARRAY) {
      throw JsonText.expected("an array", json.parser().currentToken()).in("outputs");
    }
    List<Tensor> outputs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (json.next() != JsonToken.END_ARRAY) {
      if (outputs.size() == json.limits().maxOutputs()) {
        throw new Refusal("more than " + outputs.size() + " outputs");
      }
      InputReader reader = InputReader.ofAnswer(json, factory, body, jsonLength);
      try {
        Tensor output = reader.read(binary);
        if (!names.add(output.name())) {
          throw new Refusal("an earlier output has the same name");
        }
        outputs.add(output);
      } catch (Refusal refusal) {
        String name = reader.name().isEmpty() ? "" : " " + Quoted.name(reader.name());
        throw refusal.in("outputs[" + outputs.size() + "]" + name);
      }
    }
    return outputs;
  }
}
