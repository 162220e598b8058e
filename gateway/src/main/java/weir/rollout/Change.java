package weir.rollout;

import java.time.Instant;

/**
 * One event of a model's policy that has taken effect, for those who tell others; {@code version}
 * is the candidate's, empty when it is about none.
 */
public record Change(
    String model, String version, RolloutEvent event, String actor, String words, Instant at) {}
