package weir.rollout;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import weir.experiment.CheckResult;
import weir.experiment.Look;
import weir.experiment.Verdict;

/** The phrases that decisions are made of. */
final class RolloutWords {
  private RolloutWords() {}

  /** {@code 5 %}, {@code 12.5 %}. */
  static String percent(double percent) {
    return BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString() + " %";
  }

  /** {@code step 2 of 5 (5 %)}. */
  static String step(RolloutSettings settings, int step) {
    return "step %d of %d (%s)"
        .formatted(step + 1, settings.steps().size(), percent(settings.steps().get(step)));
  }

  /** Where a rollout stands, as the subject of a sentence. */
  static String place(RolloutSettings settings, RolloutState state) {
    return switch (state) {
      case RolloutState.Shadowing _ -> "shadowing";
      case RolloutState.Stepping stepping -> step(settings, stepping.step());
      case RolloutState.AwaitingApproval waiting ->
          waiting.next() == 0 ? "shadowing" : step(settings, waiting.next() - 1);
      case RolloutState.Paused paused -> place(settings, paused.was());
      case RolloutState.Promoted _ -> "promoted";
      case RolloutState.RolledBack back -> "rolled back (" + back.because().label() + ")";
    };
  }

  /** {@code 1h 30m}, {@code 45s}, {@code 250ms}: the two largest units that say something. */
  static String time(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) < 0) {
      return Math.max(0, time.toMillis()) + "ms";
    }
    List<String> parts = new ArrayList<>();
    part(parts, time.toDaysPart(), "d");
    part(parts, time.toHoursPart(), "h");
    part(parts, time.toMinutesPart(), "m");
    part(parts, time.toSecondsPart(), "s");
    return String.join(" ", parts.subList(0, Math.min(2, parts.size())));
  }

  private static void part(List<String> parts, long value, String unit) {
    if (value > 0) {
      parts.add(value + unit);
    }
  }

  /** The gating checks that are invalid, undecided, harmful, passed: each with its words. */
  static String checks(Look look) {
    List<String> said = new ArrayList<>();
    add(said, "not to be trusted", look, Verdict.Invalid.class);
    add(said, "harmful", look, Verdict.Harmful.class);
    add(said, "missing", look, Verdict.Undecided.class);
    add(said, "passed", look, Verdict.Passes.class);
    return said.isEmpty() ? "no check gates" : String.join("; ", said);
  }

  private static void add(
      List<String> said, String kind, Look look, Class<? extends Verdict> verdict) {
    List<CheckResult> found = Rollout.gating(look, verdict);
    if (!found.isEmpty()) {
      said.add(kind + ": " + each(found));
    }
  }

  /** {@code errors (14 of 212 against 9 of 4,031), timeouts (...)}. */
  static String each(List<CheckResult> results) {
    return results.stream()
        .map(result -> "%s (%s)".formatted(result.check(), result.verdict().words()))
        .collect(Collectors.joining(", "));
  }
}
