package weir.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import weir.inference.Variant;

class PredictionSignerTest {
  private static final Instant NOON = Instant.parse("2027-03-01T12:00:00.123Z");
  private static final PredictionId ID = id(NOON, new Score.Value(0.25f));
  private static final SigningKeys.Key FIRST = key(1, 1);
  private static final SigningKeys.Key SECOND = key(0xfffe, 2);

  private final PredictionSigner signer = signer(FIRST);

  @Test
  void verify_signedId_comesBackWhole() {
    for (Score score :
        List.of(
            new Score.None(),
            new Score.Value(-0.0f),
            new Score.Value(Float.NaN),
            new Score.Label(""),
            new Score.Label("é".repeat(32)))) {
      PredictionId id = id(NOON, score);
      assertThat(signer.verify(signer.sign(id))).isEqualTo(new Verification.Valid(id));
    }
  }

  @Test
  void verify_largestId_comesBackWhole() {
    PredictionId id =
        new PredictionId(
            new Variant("m".repeat(255), "v".repeat(255)),
            Long.MAX_VALUE,
            Double.MIN_VALUE,
            NOON,
            -1,
            new Score.Label("l".repeat(64)));

    assertThat(signer.verify(signer.sign(id))).isEqualTo(new Verification.Valid(id));
  }

  /** Computed by another implementation of the layout. */
  @Test
  void sign_knownIdAndKey_givesGoldenText() {
    byte[] secret = new byte[32];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) i;
    }

    PredictionSigner golden =
        PredictionSigner.create(
            new SigningKeys(List.of(SigningKeys.Key.of(1, secret))), () -> () -> 0x01020304L << 32);

    assertThat(golden.sign(ID))
        .isEqualTo(
            "AQAB3ROsuc9HD4cAAAAAAAAABz-5mZmZmZmaAAABpAD2Nn"
                + "sBAgMEBWNodXJuATIBPoAAACS_Jro7sOCdpSpE8E1XumQ");
  }

  @Test
  void sign_sameIdTwice_givesTwoTextsOfOneId() {
    assertThat(signer.sign(ID)).isNotEqualTo(signer.sign(ID));
  }

  /** Threads whose numbers differ by 64 would use the same Mac. */
  @Test
  void sign_byThreadsOfOnePlaceAtOnce_givesEachWhatItAskedFor() throws InterruptedException {
    Queue<Verification> read = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    while (threads.size() < 4) {
      Thread thread = Thread.ofPlatform().unstarted(() -> signAndVerify(read));
      if (thread.threadId() % 64 == 0) {
        threads.add(thread);
      }
    }
    for (Thread thread : threads) {
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(read).hasSize(4 * 2_000).containsOnly(new Verification.Valid(ID));
  }

  private void signAndVerify(Queue<Verification> read) {
    for (int i = 0; i < 2_000; i++) {
      read.add(signer.verify(signer.sign(ID)));
    }
  }

  @Test
  void verify_anyBitFlipped_isRefused() {
    byte[] bytes = Base64.getUrlDecoder().decode(signer.sign(ID));

    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(signer.verify(encode(flipped))).isNotInstanceOf(Verification.Valid.class);
    }
  }

  @Test
  void verify_anyCharacterReplaced_isRefused() {
    String text = signer.sign(ID);

    for (int at = 0; at < text.length(); at++) {
      for (char other = 0; other < 256; other++) {
        if (other != text.charAt(at)) {
          String changed = text.substring(0, at) + other + text.substring(at + 1);
          assertThat(signer.verify(changed)).isNotInstanceOf(Verification.Valid.class);
        }
      }
    }
  }

  @Test
  void verify_cutOrPaddedText_isRefused() {
    String text = signer.sign(ID);

    for (int length = 0; length < text.length(); length++) {
      assertThat(signer.verify(text.substring(0, length)))
          .isNotInstanceOf(Verification.Valid.class);
    }
    assertThat(signer.verify(text + "==")).isEqualTo(new Verification.Malformed());
    assertThat(signer.verify(text + "AAAA")).isEqualTo(new Verification.Forged());
  }

  @Test
  void verify_otherShapes_areMalformed() {
    byte[] bytes = Base64.getUrlDecoder().decode(signer.sign(ID));
    bytes[0] = 2;

    for (String text :
        List.of("", "no id at all", "AQ", "A".repeat(1_000_000), encode(bytes), "7d0c-4f1e")) {
      assertThat(signer.verify(text)).isEqualTo(new Verification.Malformed());
    }
  }

  @Test
  void verify_rotatedKeys_acceptsBothAndSignsWithTheFirst() {
    PredictionSigner rotated = signer(SECOND, FIRST);

    assertThat(rotated.verify(signer.sign(ID))).isEqualTo(new Verification.Valid(ID));
    assertThat(signer(SECOND).verify(rotated.sign(ID))).isEqualTo(new Verification.Valid(ID));
  }

  @Test
  void verify_keyRetired_isUnknown() {
    assertThat(signer(SECOND).verify(signer.sign(ID))).isEqualTo(new Verification.UnknownKey());
  }

  @Test
  void verify_otherSecretUnderSameKeyId_isForged() {
    assertThat(signer(key(1, 3)).verify(signer.sign(ID))).isEqualTo(new Verification.Forged());
  }

  @Test
  void sign_sameUnitTwice_showsNeitherTheHashNorThatItIsTheSame() {
    byte[] once = masked(signer.sign(ID));
    byte[] later = masked(signer.sign(id(NOON.plusMillis(1), ID.score())));
    byte[] bare = {0x12, 0x34, 0x56, 0x78, (byte) 0x9a, (byte) 0xbc, (byte) 0xde, (byte) 0xf0};

    assertThat(once).isNotEqualTo(later);
    assertThat(once).isNotEqualTo(bare);
    assertThat(later).isNotEqualTo(bare);
  }

  @Test
  void id_partsOutOfBounds_areRefused() {
    Score none = new Score.None();
    Variant variant = ID.variant();

    refused(() -> new PredictionId(new Variant("", "1"), 0, 1, NOON, 0, none));
    refused(() -> new PredictionId(new Variant("m", "v".repeat(256)), 0, 1, NOON, 0, none));
    refused(() -> new PredictionId(variant, -1, 1, NOON, 0, none));
    refused(() -> new PredictionId(variant, 0, 0, NOON, 0, none));
    refused(() -> new PredictionId(variant, 0, 1.1, NOON, 0, none));
    refused(() -> new PredictionId(variant, 0, Double.NaN, NOON, 0, none));
    refused(() -> new PredictionId(variant, 0, 1, Instant.ofEpochMilli(-1), 0, none));
    refused(() -> new Score.Label("l".repeat(65)));
  }

  @Test
  void id_timeFinerThanMilliseconds_isCut() {
    assertThat(id(NOON.plusNanos(999_999), ID.score())).isEqualTo(ID);
  }

  @Test
  void label_tooLongToCarry_isNoScore() {
    assertThat(Score.label("l".repeat(64))).isEqualTo(new Score.Label("l".repeat(64)));
    assertThat(Score.label("l".repeat(65))).isEqualTo(new Score.None());
  }

  private static void refused(Runnable construction) {
    assertThatThrownBy(construction::run).isInstanceOf(IllegalArgumentException.class);
  }

  private static PredictionId id(Instant time, Score score) {
    return new PredictionId(new Variant("churn", "2"), 7, 0.1, time, 0x123456789abcdef0L, score);
  }

  private static SigningKeys.Key key(int id, long seed) {
    byte[] secret = new byte[32];
    new Random(seed).nextBytes(secret);
    return SigningKeys.Key.of(id, secret);
  }

  private static PredictionSigner signer(SigningKeys.Key... keys) {
    return PredictionSigner.create(new SigningKeys(List.of(keys)));
  }

  private static byte[] masked(String text) {
    return Arrays.copyOfRange(Base64.getUrlDecoder().decode(text), 3, 11);
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
