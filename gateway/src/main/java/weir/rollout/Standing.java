package weir.rollout;

import java.time.Duration;

/**
 * How this replica stands among those that share its journal.
 *
 * @param leader the replica that moves rollouts, as last known; "" before that is
 * @param age how old the newest knowledge of the journal is
 * @param problem what keeps this replica from the journal; "" when nothing does
 */
public record Standing(
    String replica, String leader, boolean leading, Duration age, String problem) {}
