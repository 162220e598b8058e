package weir.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.ShadowAnswer;
import weir.observation.ShadowMeters.Result;

class ShadowComparisonTest {
  private static final Variant STABLE = new Variant("m", "1");
  private static final Variant SHADOW = new Variant("m", "2");
  private static final Rejected FAILED = new Rejected(Reason.BACKEND_FAILED, "broken");

  private final ShadowComparison comparison =
      new ShadowComparison("1", "2", ShadowTolerance.defaults(), Instant.EPOCH);

  private static Answered price(float... values) {
    return answered(Tensor.ofFloats("price", Shape.of(values.length), values));
  }

  private static Answered answered(Tensor... outputs) {
    return new Answered(List.of(outputs), Source.MODEL, 1_000_000);
  }

  private Result add(Answered expected, InferenceResult got) {
    return comparison.add(
        new ShadowAnswer(SHADOW, STABLE, "p-7", "r-7", expected, got, Optional.empty()));
  }

  private void add(int count, Answered expected, InferenceResult got) {
    for (int i = 0; i < count; i++) {
      add(expected, got);
    }
  }

  @Test
  void add_answersNearAndFar_areEqualWithinTheTolerance() {
    assertThat(add(price(1_000f), price(1_000.005f))).isEqualTo(Result.EQUAL);
    assertThat(add(price(1_000f), price(1_001f))).isEqualTo(Result.DIFFERENT);
    assertThat(add(price(Float.NaN), price(Float.NaN))).isEqualTo(Result.EQUAL);
    assertThat(add(price(1f), price(Float.NaN))).isEqualTo(Result.DIFFERENT);
    assertThat(add(price(1f), price(1f, 2f))).isEqualTo(Result.INCOMPARABLE);
    assertThat(add(price(1f), answered())).isEqualTo(Result.INCOMPARABLE);
    assertThat(add(price(1f), FAILED)).isEqualTo(Result.FAILED);
  }

  @Test
  void add_labelsAndClasses_agreeOrDoNot() {
    Tensor left = Tensor.ofFloats("p", Shape.of(1, 2), 0.6f, 0.4f);
    add(answered(left), answered(Tensor.ofFloats("p", Shape.of(1, 2), 0.7f, 0.3f)));
    add(answered(left), answered(Tensor.ofFloats("p", Shape.of(1, 2), 0.3f, 0.7f)));
    Tensor cut = Tensor.ofStrings("cut", Shape.of(1), "Ideal");
    add(answered(cut), answered(Tensor.ofStrings("cut", Shape.of(1), "Good")));

    assertThat(comparison.report(true).labels()).isEqualTo(new ShadowReport.Labels(3, 1));
  }

  @Test
  void verdict_equalAnswers_isSameOnlyWhenTheBoundSaysSo() {
    add(300, price(1f), price(1f));
    assertThat(comparison.report(true).verdict()).isInstanceOf(ShadowVerdict.Undecided.class);
    add(1_200, price(1f), price(1f));

    ShadowReport report = comparison.report(true);
    assertThat(report.verdict()).isInstanceOf(ShadowVerdict.Same.class);
    assertThat(report.advice()).startsWith("safe to canary");
  }

  @Test
  void verdict_everyTenthDiffers_isDifferentAndSaysHow() {
    for (int i = 0; i < 300; i++) {
      add(price(1f), price(i % 10 == 0 ? 3f : 1f));
    }

    ShadowReport report = comparison.report(true);
    assertThat(report.verdict()).isInstanceOf(ShadowVerdict.Different.class);
    assertThat(report.verdict().words()).startsWith("10.0 % of 300 answers differ");
    assertThat(report.difference().max()).isEqualTo(2);
    assertThat(report.outputs()).containsExactly(new ShadowReport.Output("price", 30, 2));
    assertThat(report.worst())
        .hasSize(ShadowComparison.WORST_MAX)
        .contains(new ShadowReport.Worst("p-7", "r-7", 2));
  }

  @Test
  void verdict_noFurtherOffThanTheStableOneFromItself_isSame() {
    for (int i = 0; i < 1_500; i++) {
      comparison.add(
          new ShadowAnswer(
              SHADOW, STABLE, "p", "", price(1f), price(1.1f), Optional.of(price(1.2f))));
    }

    assertThat(comparison.report(true).verdict()).isInstanceOf(ShadowVerdict.Same.class);
    assertThat(comparison.report(true).withinNoise()).isEqualTo(1_500);
  }

  @Test
  void look_copies_failMissOrAreFine() {
    add(99, price(1f), price(1f));
    assertThat(comparison.look().missing()).contains("99 of 100 copies were answered");
    add(1, price(1f), price(1f));
    assertThat(comparison.look().missing()).isEmpty();
    add(19, price(1f), FAILED);
    add(1, price(1f), price(1f));
    assertThat(comparison.look().failing().orElseThrow()).startsWith("at least");

    ShadowComparison other =
        new ShadowComparison("1", "2", ShadowTolerance.defaults(), Instant.EPOCH);
    for (int i = 0; i < 20; i++) {
      assertThat(other.look().failing().filter(words -> words.startsWith("the last"))).isEmpty();
      other.add(new ShadowAnswer(SHADOW, STABLE, "p", "", price(1f), FAILED, Optional.empty()));
    }
    assertThat(other.look().failing().orElseThrow()).startsWith("the last 20 copies failed");
    assertThat(other.report(true).verdict()).isInstanceOf(ShadowVerdict.Failing.class);
  }
}
