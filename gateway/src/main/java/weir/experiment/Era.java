package weir.experiment;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import weir.stats.MeanDifference;
import weir.stats.SampleRatioMismatch;

/**
 * Consecutive plan generations of one step with one share: what must not be pooled across shares.
 *
 * <p>Generations that differ only elsewhere in the plan have the same shares, so that their
 * exposures are one multinomial and their outcomes one stratum.
 */
final class Era {
  /** What makes an era the same on every replica: its step, its share, its first generation. */
  record Id(long since, int step, double rho) implements Comparable<Id> {
    private static final Comparator<Id> ORDER =
        Comparator.comparingLong(Id::since).thenComparingInt(Id::step).thenComparingDouble(Id::rho);

    @Override
    public int compareTo(Id other) {
      return ORDER.compare(this, other);
    }
  }

  private final Id id;
  private final long[] exposures = new long[Side.COUNT];
  private final MeanTally[][] means;

  Era(Id id, int checks) {
    this.id = id;
    means = new MeanTally[checks][Side.COUNT];
    for (MeanTally[] sides : means) {
      for (int side = 0; side < Side.COUNT; side++) {
        sides[side] = new MeanTally();
      }
    }
  }

  Id id() {
    return id;
  }

  int step() {
    return id.step();
  }

  double rho() {
    return id.rho();
  }

  void exposed(int side) {
    exposures[side]++;
  }

  long exposures(int side) {
    return exposures[side];
  }

  void add(int check, int side, double value) {
    means[check][side].add(value);
  }

  /** With what another replica saw of the same era. */
  void add(Era other) {
    for (int side = 0; side < Side.COUNT; side++) {
      exposures[side] += other.exposures[side];
      for (int check = 0; check < means.length; check++) {
        means[check][side].add(other.means[check][side]);
      }
    }
  }

  MeanDifference.Stratum stratum(int check) {
    return new MeanDifference.Stratum(
        means[check][Side.STABLE].moments(), means[check][Side.CANDIDATE].moments());
  }

  /** ln E against "units were assigned with the share". */
  double logMismatch() {
    return SampleRatioMismatch.logEvidence(exposures, new double[] {1 - id.rho(), id.rho()});
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(id.since());
    out.writeInt(id.step());
    out.writeDouble(id.rho());
    for (long count : exposures) {
      out.writeLong(count);
    }
    for (MeanTally[] sides : means) {
      for (MeanTally tally : sides) {
        tally.write(out);
      }
    }
  }

  static Era read(DataInput in, int checks) throws IOException {
    Era era = new Era(new Id(in.readLong(), in.readInt(), in.readDouble()), checks);
    for (int side = 0; side < Side.COUNT; side++) {
      era.exposures[side] = in.readLong();
    }
    for (MeanTally[] sides : era.means) {
      for (MeanTally tally : sides) {
        tally.read(in);
      }
    }
    return era;
  }
}
