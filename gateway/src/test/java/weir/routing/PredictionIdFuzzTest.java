package weir.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import weir.inference.Variant;

/** No text but one that was signed here is taken; {@code ops/fuzz id} looks further. */
class PredictionIdFuzzTest {
  private static final byte[] SECRET =
      "a secret of thirty-two bytes, yes".getBytes(StandardCharsets.UTF_8);
  private static final PredictionSigner SIGNER =
      PredictionSigner.create(
          new SigningKeys(List.of(SigningKeys.Key.of(1, java.util.Arrays.copyOf(SECRET, 32)))));
  private static final byte[] SIGNED =
      Base64.getUrlDecoder()
          .decode(
              SIGNER.sign(
                  new PredictionId(
                      new Variant("model", "1"),
                      7,
                      0.5,
                      Instant.parse("2027-03-01T12:00:00Z"),
                      42,
                      new Score.Label("yes"))));

  /** The text as it comes, and as a change of an id that was signed. */
  @FuzzTest(maxDuration = "5m")
  void id(byte[] input) {
    assertThat(SIGNER.verify(new String(input, StandardCharsets.ISO_8859_1)))
        .isNotInstanceOf(Verification.Valid.class);

    byte[] changed = SIGNED.clone();
    boolean same = true;
    for (int i = 0; i < Math.min(input.length, changed.length); i++) {
      changed[i] ^= input[i];
      same &= input[i] == 0;
    }
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
    assertThat(SIGNER.verify(text) instanceof Verification.Valid).isEqualTo(same);
  }
}
