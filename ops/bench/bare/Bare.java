import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The least a JVM can do for one request: read, decode, run ONNX Runtime, encode.
 *
 * <p>It routes, checks, records and signs nothing; what Weir costs above it is the price of that.
 */
public final class Bare {
  private static final int FEATURES = 30;
  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  /** Buffers and native tensors that one call uses at a time. */
  private record Slot(
      FloatBuffer input,
      FloatBuffer output,
      Map<String, OnnxTensor> inputs,
      Map<String, OnnxTensor> outputs) {}

  private final JsonFactory json = new JsonFactory();
  private final OrtSession session;
  private final BlockingQueue<Slot> slots;

  private Bare(OrtSession session, BlockingQueue<Slot> slots) {
    this.session = session;
    this.slots = slots;
  }

  public static void main(String[] args) throws OrtException {
    Path model = Path.of(args[0]);
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "bare");
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    int permits = Runtime.getRuntime().availableProcessors();
    BlockingQueue<Slot> slots = new ArrayBlockingQueue<>(permits);
    for (int i = 0; i < permits; i++) {
      slots.add(slot(environment));
    }
    Bare bare = new Bare(environment.createSession(model.toString(), options), slots);
    WebServer.builder()
        .host("127.0.0.1")
        .port(Integer.parseInt(args[1]))
        .connectionOptions(it -> it.tcpNoDelay(true))
        .addProtocol(Http1Config.builder().sendKeepAliveHeader(false).build())
        .routing(routing -> routing.post("/v2/models/plain-30/infer", bare::handle))
        .build()
        .start();
  }

  private static Slot slot(OrtEnvironment environment) throws OrtException {
    FloatBuffer input = floats(FEATURES);
    FloatBuffer output = floats(1);
    return new Slot(
        input,
        output,
        Map.of("input", OnnxTensor.createTensor(environment, input, new long[] {1, FEATURES})),
        Map.of("probability", OnnxTensor.createTensor(environment, output, new long[] {1, 1})));
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private void handle(ServerRequest request, ServerResponse response) throws Exception {
    byte[] body = request.content().as(byte[].class);
    float[] features = new float[FEATURES];
    String id = decode(body, features);
    response.header(JSON);
    response.send(encode(id, run(features)));
  }

  private String decode(byte[] body, float[] features) throws IOException {
    String id = "";
    try (JsonParser parser = json.createParser(body)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token != JsonToken.FIELD_NAME) {
          continue;
        }
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("id")) {
          id = parser.getText();
        } else if (field.equals("data") && value == JsonToken.START_ARRAY) {
          for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            features[i] = parser.getFloatValue();
          }
        }
      }
    }
    return id;
  }

  private float run(float[] features) throws OrtException, InterruptedException {
    Slot slot = slots.take();
    try {
      slot.input().put(0, features);
      session.run(slot.inputs(), Set.of(), slot.outputs()).close();
      return slot.output().get(0);
    } finally {
      slots.add(slot);
    }
  }

  private byte[] encode(String id, float probability) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator to = json.createGenerator(out)) {
      to.writeStartObject();
      to.writeStringField("model_name", "plain-30");
      to.writeStringField("model_version", "1");
      to.writeStringField("id", id);
      to.writeArrayFieldStart("outputs");
      to.writeStartObject();
      to.writeStringField("name", "probability");
      to.writeFieldName("shape");
      to.writeArray(new int[] {1, 1}, 0, 2);
      to.writeStringField("datatype", "FP32");
      to.writeArrayFieldStart("data");
      to.writeNumber(probability);
      to.writeEndArray();
      to.writeEndObject();
      to.writeEndArray();
      to.writeEndObject();
    }
    return out.toByteArray();
  }
}
