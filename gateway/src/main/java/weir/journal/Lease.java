package weir.journal;

import java.time.Instant;

/**
 * The right to write under a name, until it runs out or is renewed.
 *
 * @param term the fencing token: it grows whenever the lease is taken, and stays when it is renewed
 * @param until by the database's clock, which a caller's own may differ from: a holder counts its
 *     time from before it asked
 */
public record Lease(String name, String holder, long term, Instant until) {}
