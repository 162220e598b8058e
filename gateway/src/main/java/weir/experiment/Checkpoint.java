package weir.experiment;

import java.util.List;

/** An experiment's evidence at one moment, and the units marked since the last one written. */
public final class Checkpoint {
  private final byte[] state;
  private final List<UnitMark> units;

  Checkpoint(byte[] state, List<UnitMark> units) {
    this.state = state;
    this.units = List.copyOf(units);
  }

  /** At most a few hundred kilobytes; replaces the state of an earlier checkpoint. */
  public byte[] state() {
    return state.clone();
  }

  /** Add these to the ones written before, each in place of the same unit's. */
  public List<UnitMark> units() {
    return units;
  }
}
