package weir.rollout;

import java.time.Instant;

/** One event of a model's policy that has taken effect, for those who tell others. */
public record Change(
    String model, RolloutEvent event, String actor, String words, Instant at) {}
