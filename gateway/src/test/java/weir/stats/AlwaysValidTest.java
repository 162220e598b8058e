package weir.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AlwaysValidTest {
  @Test
  void after_evidenceThatFades_keepsTheSmallestP() {
    AlwaysValidP p = AlwaysValidP.START.after(-1).after(Math.log(40)).after(0);

    assertThat(p.value()).isCloseTo(0.025, within(1e-12));
    assertThat(p.after(Double.POSITIVE_INFINITY).value()).isZero();
  }

  @Test
  void mean_stepsNotStarted_countAsOne() {
    assertThat(LogEvidence.mean(4, Math.log(5), Math.log(81)))
        .isCloseTo(Math.log(88.0 / 4), within(1e-12));
    assertThat(LogEvidence.mean(4)).isCloseTo(0, within(1e-12));
    assertThat(LogEvidence.mean(2, 900, Double.NEGATIVE_INFINITY))
        .isCloseTo(900 - Math.log(2), within(1e-9));
    assertThatThrownBy(() -> LogEvidence.mean(1, 0, 0)).hasMessageContaining("2");
  }

  @Test
  void rejects_evidenceOfExactlyOneOverAlpha_does() {
    assertThat(LogEvidence.rejects(-Math.log(0.05), 0.05)).isTrue();
    assertThat(LogEvidence.rejects(Math.log(19.9), 0.05)).isFalse();
    assertThatThrownBy(() -> LogEvidence.rejects(1, 0)).hasMessageContaining("alpha");
  }

  @Test
  void holm_textbookValues_stopAtTheFirstThatFails() {
    assertThat(Multiplicity.holm(new double[] {0.01, 0.04, 0.03, 0.005}, 0.05))
        .containsExactly(true, false, false, true);
    assertThat(Multiplicity.holm(new double[] {0.03, 0.02, 0.0001}, 0.05))
        .containsExactly(true, true, true);
    assertThat(Multiplicity.holm(new double[0], 0.05)).isEmpty();
  }

  @Test
  void eBenjaminiHochberg_kthLargest_needsMOverKAlpha() {
    double[] evidence = {Math.log(41), Math.log(1), Math.log(40.5), Math.log(30)};

    assertThat(Multiplicity.eBenjaminiHochberg(evidence, 0.05))
        .containsExactly(true, false, true, true);
    assertThat(Multiplicity.eBenjaminiHochberg(new double[] {Math.log(30), Math.log(39)}, 0.05))
        .containsExactly(true, true);
    assertThat(Multiplicity.eBenjaminiHochberg(new double[] {Math.log(19), Math.log(39)}, 0.05))
        .containsExactly(false, false);
  }

  @Test
  void mismatch_generations_multiplyAndAForbiddenArmIsInfinite() {
    double[] half = {0.5, 0.5};
    double fair = SampleRatioMismatch.logEvidence(new long[] {5000, 5000}, half);
    double skewed = SampleRatioMismatch.logEvidence(new long[] {5300, 4700}, half);

    assertThat(fair).isNegative();
    assertThat(LogEvidence.rejects(skewed, 0.001)).isTrue();
    assertThat(SampleRatioMismatch.logEvidence(new long[] {5, 1}, new double[] {1, 0}))
        .isInfinite();
    assertThat(SampleRatioMismatch.logEvidence(new long[] {5, 0}, new double[] {1, 0}))
        .isCloseTo(0, within(1e-9));
    assertThatThrownBy(() -> SampleRatioMismatch.logEvidence(new long[2], new double[] {0.5, 0.6}))
        .hasMessageContaining("1.1");
    assertThatThrownBy(() -> SampleRatioMismatch.logEvidence(new long[3], half))
        .hasMessageContaining("3");
  }

  @Test
  void upper_rateAtTheBound_isWhereTheEvidenceReachesOneOverAlpha() {
    RateBound some = new RateBound(7, 1000);

    assertThat(some.logEvidenceBelow(some.upper(0.025))).isCloseTo(Math.log(40), within(1e-6));
    assertThat(some.upper(0.025)).isBetween(0.012, 0.025);
    assertThat(new RateBound(0, 500).upper(0.025)).isLessThan(0.0095);
    assertThat(new RateBound(0, 0).upper(0.025)).isEqualTo(1);
    assertThat(new RateBound(3, 3).upper(0.025)).isEqualTo(1);
    assertThat(new RateBound(900, 1_000_000).logEvidenceBelow(1e-5)).isNegative();
  }

  @Test
  void ranks_manyValues_encloseTheQuantileAndAreTheFirstAndLastKept() {
    RankInterval ranks = RankInterval.of(10_000, 0.95, 0.05);
    double threshold = Math.log(20);

    assertThat(ranks.low()).isBetween(9_390L, 9_470L);
    assertThat(ranks.high()).isBetween(9_530L, 9_600L);
    assertThat(RankInterval.logEvidence(ranks.low(), 10_000, 0.95)).isLessThan(threshold);
    assertThat(RankInterval.logEvidence(ranks.low() - 1, 10_000, 0.95))
        .isGreaterThanOrEqualTo(threshold);
    assertThat(RankInterval.logEvidence(ranks.high() - 1, 10_000, 0.95)).isLessThan(threshold);
    assertThat(RankInterval.logEvidence(ranks.high(), 10_000, 0.95))
        .isGreaterThanOrEqualTo(threshold);
  }

  @Test
  void ranks_fewValues_areOpen() {
    assertThat(RankInterval.of(0, 0.95, 0.05)).isEqualTo(new RankInterval(0, 1, 0));
    assertThat(RankInterval.of(20, 0.95, 0.05).high()).isEqualTo(21);
  }
}
