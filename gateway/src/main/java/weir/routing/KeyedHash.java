package weir.routing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 under a key derived from a secret for one purpose.
 *
 * <p>Each call clones a keyed prototype that nothing else touches: a new Mac costs a provider
 * look-up and a key schedule, and a Mac per thread would be made again for every virtual thread.
 */
final class KeyedHash {
  private static final String ALGORITHM = "HmacSHA256";

  private final Mac prototype;

  private KeyedHash(Mac prototype) {
    this.prototype = prototype;
  }

  static KeyedHash create(SecretKey secret, String purpose) {
    byte[] derived = keyed(secret).doFinal(purpose.getBytes(StandardCharsets.UTF_8));
    return new KeyedHash(keyed(new SecretKeySpec(derived, ALGORITHM)));
  }

  /** 32 bytes. */
  byte[] of(byte[] data, int offset, int length) {
    try {
      Mac mac = (Mac) prototype.clone();
      mac.update(data, offset, length);
      return mac.doFinal();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + ALGORITHM + " can be cloned", e);
    }
  }

  private static Mac keyed(SecretKey key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
