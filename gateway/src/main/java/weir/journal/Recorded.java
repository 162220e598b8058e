package weir.journal;

import java.time.Instant;

/**
 * An entry in the journal.
 *
 * @param revision from 1, without gaps within the stream
 * @param position from 1, without gaps over all streams, in the order in which they became visible
 */
public record Recorded(String stream, long revision, long position, Instant at, Entry entry) {}
