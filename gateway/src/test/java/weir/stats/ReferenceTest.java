package weir.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Compares with SciPy, NumPy and numeric integration; reference.py writes the table. */
class ReferenceTest {
  @ParameterizedTest
  @CsvFileSource(
      resources = "/weir/stats/reference.csv",
      numLinesToSkip = 1,
      maxCharsPerColumn = 20_000)
  void function_rowOfReference_isTheReferenceValue(
      String function,
      @Nullable String first,
      @Nullable String second,
      @Nullable String arguments,
      double expected) {
    double tolerance = function.equals("best") ? 1e-3 : 1e-9 * Math.max(1, Math.abs(expected));

    double actual = value(function, numbers(first), numbers(second), numbers(arguments));

    assertThat(actual).isCloseTo(expected, within(tolerance));
  }

  private static double value(String function, double[] a, double[] b, double[] x) {
    return switch (function) {
      case "psi" -> Divergence.psi(counts(a), counts(b));
      case "jensenShannon" -> Divergence.jensenShannon(counts(a), counts(b));
      case "kolmogorovSmirnovBinned" -> Divergence.kolmogorovSmirnov(counts(a), counts(b));
      case "wassersteinBinned" -> Divergence.wasserstein(counts(a), counts(b), x);
      case "chiSquare" -> ChiSquare.homogeneity(counts(a), counts(b)).statistic();
      case "chiSquareDegrees" -> ChiSquare.homogeneity(counts(a), counts(b)).degrees();
      case "chiSquareP" -> ChiSquare.homogeneity(counts(a), counts(b)).p();
      case "wilsonHilferty" -> ChiSquare.homogeneity(counts(a), counts(b)).wilsonHilferty();
      case "kolmogorovSmirnov" -> Divergence.kolmogorovSmirnov(a, b);
      case "wasserstein" -> Divergence.wasserstein(a, b);
      case "mannWhitneyU" -> MannWhitney.of(a, b).u();
      case "mannWhitneyP" -> MannWhitney.of(a, b).p();
      case "quantile" -> Binning.quantile(Arrays.stream(a).sorted().toArray(), x[0]);
      case "ratio" -> ratio(a, b).logEvidence();
      case "ratioHarm" -> ratio(a, b).logHarmEvidence();
      case "mean" -> new MeanDifference.Estimated(x[0], x[1], x[2]).logEvidence();
      case "meanAbove" -> new MeanDifference.Estimated(x[0], x[1], x[2]).logEvidenceAbove();
      case "rank" -> RankInterval.logEvidence((long) x[0], (long) x[1], x[2]);
      case "rate" -> new RateBound((long) x[0], (long) x[1]).logEvidenceBelow(x[2]);
      case "mismatch" -> SampleRatioMismatch.logEvidence(counts(a), b);
      case "best" -> ThompsonSampling.bestProbabilities(List.of(beta(a), beta(b)))[0];
      default -> throw new IllegalArgumentException("no function " + function);
    };
  }

  private static RatioEvidence ratio(double[] rho, double[] onCandidate) {
    RiskRatioProcess process = new RiskRatioProcess();
    for (int i = 0; i < rho.length; i++) {
      process.add(rho[i], onCandidate[i] == 1);
    }
    return process.evidence();
  }

  private static ThompsonSampling.Posterior beta(double[] outcomes) {
    return new ThompsonSampling.BetaPosterior((long) outcomes[0], (long) outcomes[1]);
  }

  private static double[] numbers(@Nullable String cell) {
    return cell == null
        ? new double[0]
        : Arrays.stream(cell.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  private static long[] counts(double[] values) {
    return Arrays.stream(values).mapToLong(value -> (long) value).toArray();
  }
}
