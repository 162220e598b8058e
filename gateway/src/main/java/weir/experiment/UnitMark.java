package weir.experiment;

/**
 * What has been counted of one unit, as bits, where a later mark of the same unit replaces it; or
 * as a number, one thing that is claimed of it.
 */
public record UnitMark(long unitHash, int mark) {}
