package weir.routing;

import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of prediction ids: the first signs, all verify, so that a new key can be put before the
 * old one until the old one's ids have had their feedback.
 */
public record SigningKeys(List<Key> keys) {
  public static final int KEYS_MAX = 2;

  public SigningKeys {
    keys = List.copyOf(keys);
    if (keys.isEmpty() || keys.size() > KEYS_MAX) {
      throw new IllegalArgumentException(
          "there are 1 to %d signing keys, not %d".formatted(KEYS_MAX, keys.size()));
    }
    if (keys.stream().map(Key::id).distinct().count() < keys.size()) {
      throw new IllegalArgumentException(
          "signing keys have different ids, not twice " + keys.getFirst().id());
    }
  }

  /** Keys in their written form, each {@code <id>:<secret in base64url>}. */
  public static SigningKeys parse(List<String> written) {
    return new SigningKeys(written.stream().map(Key::parse).toList());
  }

  /** The written form, one text per key: a secret. */
  public List<String> written() {
    return keys.stream().map(Key::written).toList();
  }

  /** One key: an id that its signatures carry in the open, and a secret that nothing prints. */
  public record Key(int id, SecretKey secret) {
    public static final int ID_MAX = 0xffff;
    public static final int SECRET_BYTES_MIN = 32;

    public Key {
      if (id < 0 || id > ID_MAX) {
        throw new IllegalArgumentException(
            "a signing key's id is 0 to %d, not %d".formatted(ID_MAX, id));
      }
      checkLength(id, secret.getEncoded().length);
    }

    public static Key of(int id, byte[] secret) {
      checkLength(id, secret.length);
      return new Key(id, new SecretKeySpec(secret, "HmacSHA256"));
    }

    static Key parse(String written) {
      int colon = written.indexOf(':');
      int id;
      byte[] secret;
      try {
        id = Integer.parseInt(written.substring(0, Math.max(colon, 0)));
        secret = Base64.getUrlDecoder().decode(written.substring(colon + 1));
      } catch (IllegalArgumentException _) {
        throw new IllegalArgumentException(
            "a signing key is written <number>:<secret in base64url>; this one is not");
      }
      return of(id, secret);
    }

    String written() {
      return id + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret.getEncoded());
    }

    private static void checkLength(int id, int bytes) {
      if (bytes < SECRET_BYTES_MIN) {
        throw new IllegalArgumentException(
            "the secret of signing key %d has at least %d bytes, not %d"
                .formatted(id, SECRET_BYTES_MIN, bytes));
      }
    }

    @Override
    public String toString() {
      return "Key[id=" + id + "]";
    }
  }
}
