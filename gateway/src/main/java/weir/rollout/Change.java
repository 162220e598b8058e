package weir.rollout;

import java.time.Instant;

/**
 * One event of a model's policy that has taken effect, for those who tell others.
 *
 * @param version the candidate's, empty when it is about none
 * @param own whether this replica made it; else another one did
 */
public record Change(
    String model,
    String version,
    RolloutEvent event,
    String actor,
    String words,
    Instant at,
    boolean own) {}
