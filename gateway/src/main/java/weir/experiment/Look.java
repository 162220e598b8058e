package weir.experiment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What all checks say of one rollout at one moment. */
public record Look(Instant at, Optional<String> guard, List<CheckResult> checks) {
  public Look {
    checks = List.copyOf(checks);
  }
}
