package weir.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RatioEvidenceTest {
  private static final double[] SHARES = {0.05, 0.25, 0.5};

  private final double[] rhos = new double[400];
  private final boolean[] hits = new boolean[400];

  @Test
  void bounds_noEvents_areOpen() {
    assertThat(RatioEvidence.none().bounds(0.05))
        .isEqualTo(new Interval(0, Double.POSITIVE_INFINITY));
    assertThat(RatioEvidence.none().logEvidence()).isCloseTo(0, within(1e-12));
    assertThat(RatioEvidence.none().logHarmEvidence()).isCloseTo(0, within(1e-12));
    assertThat(RatioEvidence.none().estimate()).isEmpty();
  }

  @Test
  void bounds_anyTruth_lieJustOutsideTheExactOnes() {
    for (double truth : new double[] {0.3, 0.9, 1, 1.25, 2, 6}) {
      RatioEvidence evidence = gather(truth, 11);
      double level = evidence.logEvidence() - Math.log(20);

      Interval bounds = evidence.bounds(0.05);

      assertThat(logLikelihood(bounds.low())).isLessThanOrEqualTo(level + 1e-9);
      assertThat(logLikelihood(bounds.low() * 1.005)).isGreaterThan(level);
      assertThat(logLikelihood(bounds.high())).isLessThanOrEqualTo(level + 1e-9);
      assertThat(logLikelihood(bounds.high() / 1.005)).isGreaterThan(level);
    }
  }

  @Test
  void bounds_eventsOnOneArmOnly_areOpenOnOneSide() {
    RiskRatioProcess process = new RiskRatioProcess();
    for (int i = 0; i < 40; i++) {
      process.add(0.5, true);
    }

    Interval bounds = process.evidence().bounds(0.05);

    assertThat(bounds.high()).isInfinite();
    assertThat(bounds.low()).isGreaterThan(1);
    assertThat(process.evidence().estimate()).hasValueCloseTo(16.0, within(1e-9));
  }

  @Test
  void estimate_constantShare_isTheRatioOfTheRates() {
    RiskRatioProcess process = new RiskRatioProcess();
    for (int i = 0; i < 400; i++) {
      process.add(0.2, i % 4 == 0);
    }

    assertThat(process.evidence().estimate())
        .hasValueCloseTo((100 / 0.2) / (300 / 0.8), within(1e-3));
  }

  @Test
  void plus_twoReplicas_isTheEvidenceOfAllTheirEvents() {
    RatioEvidence whole = gather(2, 5);
    RiskRatioProcess odd = new RiskRatioProcess();
    RiskRatioProcess even = new RiskRatioProcess();
    for (int i = 0; i < rhos.length; i++) {
      (i % 2 == 0 ? even : odd).add(rhos[i], hits[i]);
    }

    RatioEvidence sum = odd.evidence().plus(even.evidence());

    assertThat(sum.onCandidate()).isEqualTo(whole.onCandidate());
    assertThat(sum.onStable()).isEqualTo(whole.onStable());
    assertThat(sum.logEvidence()).isCloseTo(whole.logEvidence(), within(1e-9));
    assertThat(sum.logHarmEvidence()).isCloseTo(whole.logHarmEvidence(), within(1e-9));
  }

  @Test
  void fromArray_storedMidway_goesOnAsIfNothingHappened() {
    RatioEvidence whole = gather(2, 5);
    RiskRatioProcess process = new RiskRatioProcess();
    for (int i = 0; i < rhos.length; i++) {
      process.add(rhos[i], hits[i]);
      process = new RiskRatioProcess(RatioEvidence.fromArray(process.evidence().toArray()));
    }

    assertThat(process.evidence().toArray()).isEqualTo(whole.toArray());
  }

  @Test
  void fromArray_otherNumbers_areRefused() {
    double[] negative = RatioEvidence.none().toArray();
    negative[0] = -1;
    double[] shifted = RatioEvidence.none().toArray();
    shifted[42] = 0.1;
    double[] broken = RatioEvidence.none().toArray();
    broken[7] = Double.NaN;

    assertThatThrownBy(() -> RatioEvidence.fromArray(new double[81])).hasMessageContaining("83");
    assertThatThrownBy(() -> RatioEvidence.fromArray(negative)).hasMessageContaining(">= 0");
    assertThatThrownBy(() -> RatioEvidence.fromArray(shifted)).hasMessageContaining("ratio 1");
    assertThatThrownBy(() -> RatioEvidence.fromArray(broken)).hasMessageContaining("NaN");
  }

  @Test
  void evidence_takenBeforeAnEvent_doesNotChange() {
    RiskRatioProcess process = new RiskRatioProcess();
    RatioEvidence before = process.evidence();

    process.add(0.5, true);

    assertThat(before.logHarmEvidence()).isCloseTo(0, within(1e-12));
    assertThat(process.evidence().logHarmEvidence()).isPositive();
  }

  @Test
  void add_certainAssignment_isPassedOver() {
    RiskRatioProcess process = new RiskRatioProcess();

    process.add(1, true);
    process.add(0, false);

    assertThat(process.evidence().toArray()).containsOnly(0);
  }

  @Test
  void add_noProbability_isRefused() {
    RiskRatioProcess process = new RiskRatioProcess();

    assertThatThrownBy(() -> process.add(1.1, true)).hasMessageContaining("1.1");
    assertThatThrownBy(() -> process.add(Double.NaN, true)).hasMessageContaining("NaN");
  }

  /** Draws events for a true ratio into the fields and gathers them. */
  private RatioEvidence gather(double truth, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RiskRatioProcess process = new RiskRatioProcess();
    for (int i = 0; i < rhos.length; i++) {
      rhos[i] = SHARES[i % SHARES.length];
      hits[i] = random.nextDouble() < rhos[i] * truth / (rhos[i] * truth + 1 - rhos[i]);
      process.add(rhos[i], hits[i]);
    }
    return process.evidence();
  }

  private double logLikelihood(double ratio) {
    double sum = 0;
    for (int i = 0; i < rhos.length; i++) {
      sum += (hits[i] ? Math.log(ratio) : 0) - Math.log(rhos[i] * ratio + 1 - rhos[i]);
    }
    return sum;
  }
}
