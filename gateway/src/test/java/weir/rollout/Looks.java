package weir.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import weir.experiment.Arm;
import weir.experiment.CheckResult;
import weir.experiment.Look;
import weir.experiment.Verdict;

/** Looks as the checks would give them, and the rollout that they are about. */
final class Looks {
  static final Instant T0 = Instant.parse("2027-03-01T12:00:00Z");
  static final CheckResult PASSES = check("errors", new Verdict.Passes("at most 1.4 times"));
  static final CheckResult MISSING =
      check("p95", new Verdict.Undecided("needs about 700 more requests"));
  static final CheckResult HARMFUL =
      check("errors", new Verdict.Harmful("14 of 212 against 9 of 4,031"));
  static final CheckResult INVALID =
      check("ratio", new Verdict.Invalid("412 of 4,000 units where 200 belong"));

  private Looks() {}

  static CheckResult check(String name, Verdict verdict) {
    return check(name, true, verdict);
  }

  static CheckResult check(String name, boolean gates, Verdict verdict) {
    return new CheckResult(
        name,
        gates,
        verdict,
        1,
        0.5,
        2,
        3,
        0,
        new Arm("1", 9, 4_031, 0.002),
        new Arm("2", 14, 212, 0.066));
  }

  static Look look(CheckResult... checks) {
    return new Look(T0, Optional.empty(), List.of(checks));
  }

  static Look guarded(CheckResult... checks) {
    return new Look(T0, Optional.of("the last 20 answers failed"), List.of(checks));
  }

  static RolloutTerms terms(RolloutSettings settings) {
    return new RolloutTerms("r1", "1", "2", "salt-1", settings);
  }

  /** Steps 1, 5, 100; 10 minutes to an hour each. */
  static RolloutSettings settings(
      List<Double> manual, Duration shadow, boolean dryRun, RolloutSettings.OnDrift onDrift) {
    return new RolloutSettings(
        List.of(1.0, 5.0, 100.0),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        manual,
        shadow,
        dryRun,
        onDrift);
  }

  static RolloutSettings plain() {
    return settings(List.of(), Duration.ZERO, false, RolloutSettings.OnDrift.IGNORE);
  }
}
