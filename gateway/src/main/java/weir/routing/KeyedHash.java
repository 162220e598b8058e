package weir.routing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 under a key derived from a secret for one purpose.
 *
 * <p>A call takes the Mac that its thread gave back last, or clones a keyed prototype that nothing
 * else touches: a new Mac costs a provider look-up and a key schedule, a clone nine objects, and a
 * Mac per thread would be made again for every virtual thread.
 */
final class KeyedHash {
  private static final String ALGORITHM = "HmacSHA256";

  private static final int PLACES = 64;

  private final Mac prototype;
  private final AtomicReferenceArray<Mac> idle = new AtomicReferenceArray<>(PLACES);

  private KeyedHash(Mac prototype) {
    this.prototype = prototype;
  }

  static KeyedHash create(SecretKey secret, String purpose) {
    byte[] derived = keyed(secret).doFinal(purpose.getBytes(StandardCharsets.UTF_8));
    return new KeyedHash(keyed(new SecretKeySpec(derived, ALGORITHM)));
  }

  /** 32 bytes. */
  byte[] of(byte[] data, int offset, int length) {
    int place = (int) Thread.currentThread().threadId() & (PLACES - 1);
    Mac kept = idle.getPlain(place) == null ? null : idle.getAndSet(place, null);
    Mac mac = kept == null ? copy() : kept;
    mac.update(data, offset, length);
    byte[] hash = mac.doFinal();
    idle.setRelease(place, mac);
    return hash;
  }

  private Mac copy() {
    try {
      return (Mac) prototype.clone();
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
