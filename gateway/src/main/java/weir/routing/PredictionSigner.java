package weir.routing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import weir.inference.Variant;

/**
 * Writes prediction ids that nobody without the key can make, change or link to a unit.
 *
 * <p>Base64url without padding of, big-endian:
 *
 * <pre>
 *   1   format, now 1            4   random
 *   2   key id                   1+n model
 *   8   unit hash, masked        1+n version
 *   8   generation               1   score: 0 none, 1 value, 2 label
 *   8   probability              0, 4 or 1+n of score
 *   8   time, ms since 1970      16  tag
 * </pre>
 *
 * The tag is the HMAC-SHA256, cut to 128 bits, of all before it with the unit hash bare; the unit
 * hash is then XORed with a second keyed hash, of the tag. This is the order of SIV (RFC 5297): ids
 * of one unit show nothing in common, and the key's holder gets the unit hash back. The random
 * bytes tell apart two predictions of one unit in one millisecond. Any number of threads may share
 * a signer.
 */
public final class PredictionSigner {
  private static final byte FORMAT = 1;
  private static final int UNIT_AT = 3;
  private static final int TAG_BYTES = 16;
  private static final int FIXED_BYTES =
      1 + 2 + 4 * Long.BYTES + Integer.BYTES + 1 + 1 + 1 + TAG_BYTES;
  private static final int BYTES_MAX =
      FIXED_BYTES + 2 * Names.BYTES_MAX + 1 + Score.Label.BYTES_MAX;
  private static final int TEXT_MAX = (BYTES_MAX * 4 + 2) / 3;

  private static final byte NONE = 0;
  private static final byte VALUE = 1;
  private static final byte LABEL = 2;

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private volatile List<Signature> signatures;
  private final Supplier<? extends RandomGenerator> random;

  private PredictionSigner(List<Signature> signatures, Supplier<? extends RandomGenerator> random) {
    this.signatures = signatures;
    this.random = random;
  }

  /** What one key derives: the tag's hash and the mask's. */
  private record Signature(int keyId, KeyedHash tag, KeyedHash mask) {
    static Signature of(SigningKeys.Key key) {
      return new Signature(
          key.id(),
          KeyedHash.create(key.secret(), "weir prediction tag"),
          KeyedHash.create(key.secret(), "weir unit mask"));
    }
  }

  /** A signer that waits for {@link #use}: until then it signs nothing and knows no key. */
  public static PredictionSigner waiting() {
    return new PredictionSigner(List.of(), ThreadLocalRandom::current);
  }

  /** From now on these are the keys. */
  public void use(SigningKeys keys) {
    signatures = signatures(keys);
  }

  public static PredictionSigner create(SigningKeys keys) {
    return create(keys, ThreadLocalRandom::current);
  }

  static PredictionSigner create(SigningKeys keys, Supplier<? extends RandomGenerator> random) {
    return new PredictionSigner(signatures(keys), random);
  }

  private static List<Signature> signatures(SigningKeys keys) {
    return keys.keys().stream().map(Signature::of).toList();
  }

  public String sign(PredictionId id) {
    Signature signature = signatures.getFirst();
    byte[] bytes = write(id, signature.keyId(), random.get().nextInt());
    int end = bytes.length - TAG_BYTES;
    System.arraycopy(signature.tag().of(bytes, 0, end), 0, bytes, end, TAG_BYTES);
    mask(signature, bytes);
    return ENCODER.encodeToString(bytes);
  }

  public Verification verify(String text) {
    byte[] bytes = decode(text);
    if (bytes.length < FIXED_BYTES || bytes[0] != FORMAT) {
      return new Verification.Malformed();
    }
    int keyId = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(1));
    for (Signature signature : signatures) {
      if (signature.keyId() == keyId) {
        return verify(signature, bytes);
      }
    }
    return new Verification.UnknownKey();
  }

  private static byte[] write(PredictionId id, int keyId, int nonce) {
    byte[] model = id.variant().model().getBytes(StandardCharsets.UTF_8);
    byte[] version = id.variant().version().getBytes(StandardCharsets.UTF_8);
    byte[] label =
        id.score() instanceof Score.Label(String name)
            ? name.getBytes(StandardCharsets.UTF_8)
            : new byte[0];
    int score =
        switch (id.score()) {
          case Score.None _ -> 0;
          case Score.Value _ -> Float.BYTES;
          case Score.Label _ -> 1 + label.length;
        };
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + model.length + version.length + score);
    out.put(FORMAT).putShort((short) keyId).putLong(id.unitHash());
    out.putLong(id.generation())
        .putDouble(id.probability())
        .putLong(id.time().toEpochMilli())
        .putInt(nonce);
    out.put((byte) model.length).put(model).put((byte) version.length).put(version);
    switch (id.score()) {
      case Score.None _ -> out.put(NONE);
      case Score.Value(float value) -> out.put(VALUE).putFloat(value);
      case Score.Label _ -> out.put(LABEL).put((byte) label.length).put(label);
    }
    return out.array();
  }

  /** XORs the unit hash with a keyed hash of the tag; done twice, it is as before. */
  private static void mask(Signature signature, byte[] bytes) {
    byte[] mask = signature.mask().of(bytes, bytes.length - TAG_BYTES, TAG_BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[UNIT_AT + i] ^= mask[i];
    }
  }

  /** The bytes of the one text that stands for them; none when the text is long or another. */
  private static byte[] decode(String text) {
    if (text.length() > TEXT_MAX) {
      return new byte[0];
    }
    try {
      byte[] bytes = DECODER.decode(text);
      return ENCODER.encodeToString(bytes).equals(text) ? bytes : new byte[0];
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  private static Verification verify(Signature signature, byte[] bytes) {
    mask(signature, bytes);
    int end = bytes.length - TAG_BYTES;
    byte[] tag = Arrays.copyOf(signature.tag().of(bytes, 0, end), TAG_BYTES);
    if (!MessageDigest.isEqual(tag, Arrays.copyOfRange(bytes, end, bytes.length))) {
      return new Verification.Forged();
    }
    return new Verification.Valid(read(ByteBuffer.wrap(bytes, UNIT_AT, end - UNIT_AT)));
  }

  private static PredictionId read(ByteBuffer in) {
    long unitHash = in.getLong();
    long generation = in.getLong();
    double probability = in.getDouble();
    Instant time = Instant.ofEpochMilli(in.getLong());
    in.getInt(); // the random bytes say nothing
    Variant variant = new Variant(text(in), text(in));
    Score score =
        switch (in.get()) {
          case VALUE -> new Score.Value(in.getFloat());
          case LABEL -> new Score.Label(text(in));
          default -> new Score.None();
        };
    return new PredictionId(variant, generation, probability, time, unitHash, score);
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[Byte.toUnsignedInt(in.get())];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
