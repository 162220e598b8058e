package weir.oip;

/**
 * Turns the bytes of an inference request into a {@link WireRequest}, or says what is wrong with
 * them; it throws on no input.
 *
 * <p>Strict about what it reads: UTF-8, one JSON object and nothing behind it, each field once,
 * values that fit their datatype, counts that fit the shape. Unknown fields are passed over unless
 * they look like a misspelt one. Tensors sent as binary data are views of the body, so the caller
 * leaves the array alone for as long as the request lives. Safe for any number of threads.
 */
public final class RequestDecoder {
  private final DecodeLimits limits;
  private final JsonBody json;

  public RequestDecoder(DecodeLimits limits) {
    this.limits = limits;
    this.json = JsonBody.ofProtocol(limits);
  }

  /**
   * Decodes the first {@code length} bytes of {@code body}. {@code jsonLength} is the value of the
   * header {@code Inference-Header-Content-Length}, or −1 when it is absent.
   */
  public Decoded decode(byte[] body, int length, int jsonLength) {
    try {
      BinarySection binary = BinarySection.of(body, length, jsonLength, limits);
      int end = binary.start();
      WireRequest request =
          json.read(
              body,
              end,
              (text, factory) -> new RequestReader(text, factory, body, end, binary).read());
      binary.finish("input");
      return new Decoded.Valid(request);
    } catch (Refusal refusal) {
      return new Decoded.Invalid(refusal.reason());
    }
  }
}
