package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import weir.inference.Tensor;

/** Sends text through a decoder as a client would. */
final class Requests {
  static final DecodeLimits SMALL = new DecodeLimits(5, 3, 2, 1000, 20, 3, 32);

  private Requests() {}

  static Decoded decode(DecodeLimits limits, byte[] body, int jsonLength) {
    // Bytes after the length must not be looked at.
    byte[] padded = Arrays.copyOf(body, body.length + 8);
    Arrays.fill(padded, body.length, padded.length, (byte) '}');
    return new RequestDecoder(limits).decode(padded, body.length, jsonLength);
  }

  static Decoded decode(String json) {
    return decode(DecodeLimits.defaults(), json.getBytes(StandardCharsets.UTF_8), -1);
  }

  static WireRequest valid(Decoded decoded) {
    if (decoded instanceof Decoded.Valid(WireRequest request)) {
      return request;
    }
    throw new AssertionError("not valid: " + decoded);
  }

  static WireRequest valid(String json) {
    return valid(decode(json));
  }

  static String invalid(Decoded decoded) {
    assertThat(decoded).isInstanceOf(Decoded.Invalid.class);
    return decoded instanceof Decoded.Invalid(String message) ? message : "";
  }

  /** A request of one input {@code x}. */
  static String request(String datatype, String shape, String data) {
    return "{\"inputs\":[{\"name\":\"x\",\"shape\":%s,\"datatype\":\"%s\",\"data\":%s}]}"
        .formatted(shape, datatype, data);
  }

  static byte[] bytes(Tensor tensor) {
    byte[] bytes = new byte[tensor.data().limit()];
    tensor.data().get(0, bytes);
    return bytes;
  }
}
