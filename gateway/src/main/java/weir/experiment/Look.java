package weir.experiment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What all checks, and the copies while it is a shadow, say of one rollout at one moment. */
public record Look(
    Instant at, Optional<String> guard, List<CheckResult> checks, Optional<ShadowLook> shadow) {
  public Look {
    checks = List.copyOf(checks);
  }

  /** A look at the checks alone. */
  public Look(Instant at, Optional<String> guard, List<CheckResult> checks) {
    this(at, guard, checks, Optional.empty());
  }

  public Look with(ShadowLook copies) {
    return new Look(at, guard, checks, Optional.of(copies));
  }
}
