package weir.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import weir.stats.MeanDifference.Estimated;
import weir.stats.MeanDifference.Kind;
import weir.stats.MeanDifference.NoVariation;
import weir.stats.MeanDifference.Stratum;
import weir.stats.MeanDifference.TooFew;

class MeanDifferenceTest {
  @Test
  void of_fewerThanTheLeast_saysHowManyAreMissing() {
    List<Stratum> strata = List.of(new Stratum(new Moments(120, 1, 9), new Moments(30, 1, 9)));

    assertThat(MeanDifference.of(strata, Kind.MEAN, 0.1)).isEqualTo(new TooFew(0, 70));
    assertThat(MeanDifference.of(strata, Kind.HEAVY_TAILED_MEAN, 0.1))
        .isEqualTo(new TooFew(380, 470));
    assertThat(MeanDifference.of(List.of(), Kind.PROPORTION, 0.1)).isEqualTo(new TooFew(100, 100));
  }

  @Test
  void of_generationWithOneArm_doesNotCount() {
    Stratum oneArm = new Stratum(new Moments(500, 1, 9), Moments.NONE);

    assertThat(MeanDifference.of(List.of(oneArm), Kind.MEAN, 0.1)).isEqualTo(new TooFew(100, 100));
  }

  @Test
  void of_equalOutcomes_hasNoVariation() {
    Stratum stratum = new Stratum(Moments.ofProportion(0, 400), Moments.ofProportion(0, 400));

    assertThat(MeanDifference.of(List.of(stratum), Kind.PROPORTION, 0.1))
        .isEqualTo(new NoVariation());
  }

  @Test
  void of_twoGenerations_weighsDifferencesByHarmonicSize() {
    Stratum early = new Stratum(new Moments(900, 1, 1800), new Moments(100, 1.5, 150));
    Stratum late = new Stratum(new Moments(300, 4, 900), new Moments(300, 4.1, 600));
    double w1 = 900.0 * 100 / 1000;
    double w2 = 150;
    double v1 = 1800.0 / 899 / 900 + 150.0 / 99 / 100;
    double v2 = 900.0 / 299 / 300 + 600.0 / 299 / 300;

    Estimated estimated = estimated(List.of(early, late), Kind.MEAN);

    assertThat(estimated.difference()).isCloseTo((w1 * 0.5 + w2 * 0.1) / (w1 + w2), within(1e-12));
    assertThat(estimated.variance())
        .isCloseTo((w1 * w1 * v1 + w2 * w2 * v2) / ((w1 + w2) * (w1 + w2)), within(1e-12));
  }

  @Test
  void of_proportions_usesTheCommonShareForTheVariance() {
    Stratum stratum = new Stratum(Moments.ofProportion(20, 400), Moments.ofProportion(20, 100));

    Estimated estimated = estimated(List.of(stratum), Kind.PROPORTION);

    assertThat(estimated.difference()).isCloseTo(0.15, within(1e-12));
    assertThat(estimated.variance())
        .isCloseTo(0.08 * 0.92 * (1.0 / 400 + 1.0 / 100), within(1e-12));
  }

  @Test
  void interval_itsEnds_areWhereTheEvidenceReachesOneOverAlpha() {
    Estimated estimated = new Estimated(0.4, 0.02, 0.3);

    Interval interval = estimated.interval(0.05);

    Estimated againstLow = new Estimated(0.4 - interval.low(), 0.02, 0.3);
    Estimated againstHigh = new Estimated(0.4 - interval.high(), 0.02, 0.3);
    assertThat(againstLow.logEvidence()).isCloseTo(Math.log(20), within(1e-9));
    assertThat(againstHigh.logEvidence()).isCloseTo(Math.log(20), within(1e-9));
  }

  @Test
  void logEvidenceBelow_mirroredDifference_isTheEvidenceAbove() {
    assertThat(new Estimated(-0.4, 0.02, 0.3).logEvidenceBelow())
        .isEqualTo(new Estimated(0.4, 0.02, 0.3).logEvidenceAbove());
    assertThat(new Estimated(-40, 0.02, 0.3).logEvidenceAbove()).isNegative();
  }

  @Test
  void plus_momentsOfParts_areTheMomentsOfTheWhole() {
    Moments left = Moments.NONE.with(1e9 + 1).with(1e9 + 4);
    Moments right = Moments.NONE.with(1e9 + 7).with(1e9 + 8).with(1e9);

    Moments whole = left.plus(right);

    assertThat(whole.count()).isEqualTo(5);
    assertThat(whole.mean()).isEqualTo(1e9 + 4);
    assertThat(whole.variance()).isCloseTo(12.5, within(1e-6));
    assertThat(whole.plus(Moments.NONE)).isEqualTo(whole);
  }

  @Test
  void moments_impossibleNumbers_areRefused() {
    assertThatThrownBy(() -> new Moments(-1, 0, 0)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new Moments(1, Double.NaN, 0)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Moments(1, 0, -2)).hasMessageContaining("-2");
    assertThatThrownBy(() -> Moments.ofProportion(3, 2)).hasMessageContaining("3");
  }

  private static Estimated estimated(List<Stratum> strata, Kind kind) {
    return (Estimated) MeanDifference.of(strata, kind, 0.1);
  }
}
