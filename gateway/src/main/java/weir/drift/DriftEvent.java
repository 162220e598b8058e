package weir.drift;

import java.time.Instant;
import weir.inference.Variant;

/**
 * A signal's status changed at the end of a window; {@code now} says from what to what, and why.
 */
public record DriftEvent(Variant variant, DriftStatus before, SignalDrift now, Instant at) {}
