package weir.experiment;

/** What has been counted of one unit, as bits; a later mark of the same unit replaces it. */
public record UnitMark(long unitHash, int mark) {}
