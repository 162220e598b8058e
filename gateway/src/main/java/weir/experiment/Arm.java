package weir.experiment;

/**
 * What one version showed in one check: of {@code trials} so many had the event, and {@code value}
 * is their share; for means, {@code value} is the mean of {@code trials} outcomes. NaN before any.
 */
public record Arm(String version, long events, long trials, double value) {}
