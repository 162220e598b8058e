package weir.backend;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import weir.inference.InferenceRequest;
import weir.inference.Tensor;

/**
 * What makes two requests to one variant the same: outputs asked, parameters, and every input's
 * name, type, shape and bytes; never the id.
 *
 * <p>The whole content is kept and compared, so that no two different requests share an answer.
 * Every part is preceded by its length, so that no two contents read alike.
 */
final class CacheKey {
  private final byte[] content;
  private final int hash;

  private CacheKey(byte[] content) {
    this.content = content;
    this.hash = Arrays.hashCode(content);
  }

  static CacheKey of(InferenceRequest request) {
    ByteBuffer content = ByteBuffer.allocate(size(request));
    content.putInt(request.outputs().size());
    for (String output : request.outputs()) {
      put(content, output);
    }
    String parameters = parameters(request.parameters());
    put(content, parameters);
    for (Tensor tensor : request.inputs()) {
      put(content, tensor.name());
      put(content, tensor.datatype().name());
      content.put((byte) tensor.shape().rank());
      for (int i = 0; i < tensor.shape().rank(); i++) {
        content.putLong(tensor.shape().dimension(i));
      }
      content.putInt(tensor.data().limit());
      content.put(content.position(), tensor.data(), 0, tensor.data().limit());
      content.position(content.position() + tensor.data().limit());
    }
    return new CacheKey(Arrays.copyOf(content.array(), content.position()));
  }

  private static int size(InferenceRequest request) {
    long size = 4 + 4 + 3L * parameters(request.parameters()).length();
    for (String output : request.outputs()) {
      size += 4 + 3L * output.length();
    }
    for (Tensor tensor : request.inputs()) {
      size += 4 + 3L * tensor.name().length() + 16 + 8L * tensor.shape().rank();
      size += 4 + tensor.data().limit();
    }
    return Math.toIntExact(size);
  }

  private static String parameters(Map<String, Object> parameters) {
    if (parameters.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    new TreeMap<>(parameters)
        .forEach((name, value) ->
            text.append(name.length())
                .append(name)
                .append(value.getClass().getSimpleName())
                .append(value.toString().length())
                .append(value));
    return text.toString();
  }

  private static void put(ByteBuffer content, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    content.putInt(bytes.length).put(bytes);
  }

  int bytes() {
    return content.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CacheKey key && hash == key.hash && Arrays.equals(content, key.content);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
