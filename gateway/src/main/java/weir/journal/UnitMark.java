package weir.journal;

/** A unit, by its keyed hash, and a small number that its experiment keeps for it. */
public record UnitMark(long unitHash, int mark) {}
