package weir.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import weir.stats.MeanDifference.Estimated;
import weir.stats.MeanDifference.Kind;

class ScoreProcessTest {
  @Test
  void add_threeOutcomes_sumsWhatTheFormulasSay() {
    ScoreProcess process = new ScoreProcess();

    process.add(0.5, true, 10);
    process.add(0.25, false, 12);
    process.add(0.2, true, 14);

    double second = -0.25 * (12 - 10);
    double third = 0.8 * (14 - 11);
    ScoreEvidence evidence = process.evidence();
    assertThat(evidence.score()).isCloseTo(second + third, within(1e-12));
    assertThat(evidence.information()).isCloseTo(0.1875 + 0.16, within(1e-12));
    assertThat(evidence.variation()).isCloseTo(second * second + third * third, within(1e-12));
    assertThat(evidence.stable()).isEqualTo(1);
    assertThat(evidence.candidate()).isEqualTo(2);
  }

  @Test
  void difference_sharesThatMove_findsTheEffectDespiteADriftingLevel() {
    SplittableRandom random = new SplittableRandom(3);
    ScoreProcess process = new ScoreProcess();
    for (int i = 0; i < 20_000; i++) {
      double rho = 0.05 + 0.9 * i / 20_000;
      boolean onCandidate = random.nextDouble() < rho;
      process.add(rho, onCandidate, i / 20_000.0 + (onCandidate ? 0.2 : 0) + random.nextGaussian());
    }

    Estimated estimated = (Estimated) process.evidence().difference(Kind.MEAN, 0.1);

    assertThat(estimated.difference()).isCloseTo(0.2, within(0.06));
    assertThat(estimated.variance()).isCloseTo(1 / process.evidence().information(), within(1e-4));
    assertThat(estimated.interval(0.05).contains(0.2)).isTrue();
  }

  @Test
  void plus_twoReplicas_addsEverySum() {
    ScoreEvidence evidence = new ScoreEvidence(1, 2, 3, 4, 5, 6);

    assertThat(evidence.plus(evidence)).isEqualTo(new ScoreEvidence(2, 4, 6, 8, 10, 12));
    assertThat(evidence.plus(evidence).difference(Kind.MEAN, 1))
        .isEqualTo(new MeanDifference.TooFew(98, 96));
  }

  @Test
  void add_certainOrBrokenInput_isPassedOverOrRefused() {
    ScoreProcess process = new ScoreProcess();

    process.add(1, true, 3);

    assertThat(process.evidence()).isEqualTo(ScoreEvidence.NONE);
    assertThatThrownBy(() -> process.add(-0.1, true, 3)).hasMessageContaining("-0.1");
    assertThatThrownBy(() -> process.add(0.5, true, Double.NaN)).hasMessageContaining("NaN");
  }
}
