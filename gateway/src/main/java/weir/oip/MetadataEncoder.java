package weir.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import weir.inference.ModelSignature;
import weir.inference.TensorSpec;

/** Writes the protocol's answers that hold no tensors. Safe for any number of threads. */
public final class MetadataEncoder {
  private static final int EXPECTED_BYTES = 512;

  private final JsonOutput output = new JsonOutput();

  /** The server's metadata; {@code extensions} by Triton's names, as {@code statistics}. */
  public byte[] server(String version, List<String> extensions) {
    return bytes(json -> {
      json.writeStartObject();
      json.writeStringField("name", "weir");
      json.writeStringField("version", version);
      writeStrings(json, "extensions", extensions);
      json.writeEndObject();
    });
  }

  /** A model's metadata. */
  public byte[] model(String name, List<String> versions, ModelSignature signature) {
    return bytes(json -> {
      json.writeStartObject();
      json.writeStringField("name", name);
      writeStrings(json, "versions", versions);
      json.writeStringField("platform", signature.platform());
      writeSpecs(json, "inputs", signature.inputs());
      writeSpecs(json, "outputs", signature.outputs());
      json.writeEndObject();
    });
  }

  /** The index of the model repository. */
  public byte[] repositoryIndex(List<RepositoryEntry> entries) {
    return bytes(json -> {
      json.writeStartArray();
      for (RepositoryEntry entry : entries) {
        json.writeStartObject();
        json.writeStringField("name", entry.name());
        json.writeStringField("version", entry.version());
        json.writeStringField("state", entry.ready() ? "READY" : "UNAVAILABLE");
        json.writeStringField("reason", entry.reason());
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  /** The statistics of some variants of a model. */
  public byte[] statistics(String model, List<StatisticsView> variants) {
    return bytes(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("model_stats");
      for (StatisticsView variant : variants) {
        writeStatistics(json, model, variant);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  /** An error, with no other field beside it: strict clients refuse more. */
  public byte[] error(String message) {
    return bytes(json -> {
      json.writeStartObject();
      json.writeStringField("error", message);
      json.writeEndObject();
    });
  }

  private byte[] bytes(JsonOutput.Content content) {
    GrowableBytes bytes = new GrowableBytes(EXPECTED_BYTES);
    output.write(bytes, content);
    return bytes.toArray();
  }

  private static void writeStrings(JsonGenerator json, String field, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static void writeSpecs(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec spec : specs) {
      json.writeStartObject();
      json.writeStringField("name", spec.name());
      json.writeStringField("datatype", spec.datatype().name());
      json.writeFieldName("shape");
      TensorJson.writeShape(json, spec.shape());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeStatistics(JsonGenerator json, String model, StatisticsView variant)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", model);
    json.writeStringField("version", variant.version());
    json.writeNumberField("last_inference", variant.lastInferenceMs());
    json.writeNumberField("inference_count", variant.inferenceCount());
    json.writeNumberField("execution_count", variant.executionCount());
    json.writeObjectFieldStart("inference_stats");
    writeTally(json, "success", variant.success());
    writeTally(json, "fail", variant.fail());
    writeTally(json, "queue", variant.queue());
    writeTally(json, "compute_input", variant.computeInput());
    writeTally(json, "compute_infer", variant.computeInfer());
    writeTally(json, "compute_output", variant.computeOutput());
    writeTally(json, "cache_hit", variant.cacheHit());
    writeTally(json, "cache_miss", variant.cacheMiss());
    json.writeEndObject();
    writeStrings(json, "batch_stats", List.of());
    json.writeEndObject();
  }

  private static void writeTally(JsonGenerator json, String field, StatisticsView.Tally tally)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeNumberField("count", tally.count());
    json.writeNumberField("ns", tally.nanos());
    json.writeEndObject();
  }
}
