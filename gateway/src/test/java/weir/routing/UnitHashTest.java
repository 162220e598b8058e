package weir.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.Tensor;

/** Golden values: a change of any of them moves every user of every experiment. */
class UnitHashTest {
  @ParameterizedTest
  @CsvSource({
    "'', ef46db3751d8e999",
    "abc, 44bc2cf5ad770999",
    "Nobody inspects the spammish repetition, fbcea83c8a378bf1"
  })
  void of_seedZero_isPublishedXxh64(String text, String hash) {
    assertThat(UnitHash.of(0, text)).isEqualTo(Long.parseUnsignedLong(hash, 16));
    assertThat(UnitHash.seed(text)).isEqualTo(Long.parseUnsignedLong(hash, 16));
  }

  /** Computed by another implementation of XXH64. */
  @ParameterizedTest
  @CsvSource({
    "churn, ann, a4d564d6e5e268ca",
    "churn, user-1@example.org, b1a642a898220040",
    "fraud, ann, 10c6f290b2d924d0",
    "churn, größe, 19d7bc6254370a8d",
    "churn, 0123456789abcdef0123456789abcdef-unit, 3ca0eeb0ce424e21"
  })
  void of_saltAndUnit_isGolden(String salt, String unit, String hash) {
    assertThat(UnitHash.of(UnitHash.seed(salt), unit)).isEqualTo(Long.parseUnsignedLong(hash, 16));
  }

  @Test
  void of_number_isGolden() {
    assertThat(UnitHash.of(UnitHash.seed("churn"), 42)).isEqualTo(0xec1a9b46a7c70e8dL);
  }

  @Test
  void of_buffers_hashOnlyTheirSlice() {
    byte[] unit = "0123456789abcdef0123456789abcdef-unit".getBytes(StandardCharsets.UTF_8);
    var heap = Tensor.allocate(unit.length + 9).put(4, unit).slice(1, unit.length + 8);
    var readOnly = heap.asReadOnlyBuffer();

    assertThat(UnitHash.of(UnitHash.seed("churn"), heap, 3, unit.length))
        .isEqualTo(0x3ca0eeb0ce424e21L)
        .isEqualTo(UnitHash.of(UnitHash.seed("churn"), readOnly, 3, unit.length));
  }

  @Test
  void position_ofExtremes_staysInUnitInterval() {
    assertThat(UnitHash.position(0)).isZero();
    assertThat(UnitHash.position(-1)).isEqualTo(1 - 0x1p-53);
    assertThat(UnitHash.position(Long.MIN_VALUE)).isEqualTo(0.5);
  }

  @Test
  void position_lowerBits_doNotDecide() {
    long hash = new Random(1).nextLong();

    assertThat(UnitHash.position(hash ^ 0x7ff)).isEqualTo(UnitHash.position(hash));
  }
}
