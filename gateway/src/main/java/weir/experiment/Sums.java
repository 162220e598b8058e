package weir.experiment;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import weir.stats.QuantileSketch;

/**
 * What requests added up to: of one replica, or of several together.
 *
 * <p>Every part is a sum, or merges like one, so that what replicas saw apart is worth as much as
 * if one had seen it all. Of more than 256 eras the oldest are left out. Not thread-safe.
 */
final class Sums {
  private static final int ERAS_MAX = 256;

  private final int checks;
  private final NavigableMap<Era.Id, Era> eras = new TreeMap<>();
  private final @Nullable StepTally[] steps;
  private final QuantileSketch[] latencies = {new QuantileSketch(), new QuantileSketch()};
  private final long[] errors = new long[Side.COUNT];
  private final WarmUp warmUp;
  private boolean unitLimit;
  private String guard = "";

  Sums(Experiment.Terms terms) {
    checks = terms.settings().checks().size();
    steps = new StepTally[terms.stepsPlanned()];
    warmUp = new WarmUp(terms.settings().warmUp());
  }

  /** The era with that identity, empty when it is new. */
  Era era(Era.Id id) {
    Era known = eras.computeIfAbsent(id, now -> new Era(now, checks));
    if (eras.size() > ERAS_MAX) {
      eras.pollFirstEntry();
    }
    return known;
  }

  List<Era> eras() {
    return List.copyOf(eras.values());
  }

  StepTally step(int index) {
    StepTally known = steps[index];
    if (known == null) {
      known = new StepTally(checks);
      steps[index] = known;
    }
    return known;
  }

  /** Null where the step has not begun. */
  @Nullable StepTally stepBegun(int index) {
    return steps[index];
  }

  /** One measured request's latency, and whether it failed. */
  void measured(int side, long nanos, boolean failed) {
    latencies[side].add((double) nanos);
    errors[side] += failed ? 1 : 0;
  }

  QuantileSketch latencies(int side) {
    return latencies[side];
  }

  /** Measured requests that failed, over the whole rollout. */
  long errors(int side) {
    return errors[side];
  }

  WarmUp warmUp() {
    return warmUp;
  }

  /** Whether a unit has been turned away. */
  boolean unitLimit() {
    return unitLimit;
  }

  void unitLimit(boolean reached) {
    unitLimit = reached;
  }

  /** What a hard guard saw; "" while none has tripped. */
  String guard() {
    return guard;
  }

  void guard(String words) {
    guard = words;
  }

  /** All but the latencies, whose sketches are slow to merge and no part of a look. */
  void add(Sums other) {
    other.eras.forEach((id, era) -> era(id).add(era));
    for (int i = 0; i < steps.length; i++) {
      StepTally theirs = other.steps[i];
      if (theirs != null) {
        step(i).add(theirs);
      }
    }
    for (int side = 0; side < Side.COUNT; side++) {
      errors[side] += other.errors[side];
    }
    warmUp.add(other.warmUp);
    unitLimit |= other.unitLimit;
    guard = guard.isEmpty() ? other.guard : guard;
  }

  void addLatencies(Sums other) {
    for (int side = 0; side < Side.COUNT; side++) {
      latencies[side].merge(other.latencies[side]);
    }
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(eras.size());
    for (Era era : eras.values()) {
      era.write(out);
    }
    for (StepTally step : steps) {
      out.writeBoolean(step != null);
      if (step != null) {
        step.write(out);
      }
    }
    for (int side = 0; side < Side.COUNT; side++) {
      byte[] bytes = latencies[side].toBytes();
      out.writeInt(bytes.length);
      out.write(bytes);
      out.writeLong(errors[side]);
    }
    warmUp.write(out);
    out.writeBoolean(unitLimit);
    out.writeUTF(guard);
  }

  static Sums read(DataInput in, Experiment.Terms terms) throws IOException {
    Sums sums = new Sums(terms);
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      Era era = Era.read(in, sums.checks);
      sums.era(era.id()).add(era);
    }
    for (int i = 0; i < sums.steps.length; i++) {
      if (in.readBoolean()) {
        sums.steps[i] = StepTally.read(in, sums.checks);
      }
    }
    for (int side = 0; side < Side.COUNT; side++) {
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      sums.latencies[side] = QuantileSketch.fromBytes(bytes);
      sums.errors[side] = in.readLong();
    }
    sums.warmUp.read(in);
    sums.unitLimit = in.readBoolean();
    sums.guard = in.readUTF();
    return sums;
  }
}
