package weir.experiment;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import weir.stats.MeanDifference;
import weir.stats.SampleRatioMismatch;

/**
 * Consecutive plan generations of one step with one share: what must not be pooled across shares.
 *
 * <p>Generations that differ only elsewhere in the plan have the same shares, so that their
 * exposures are one multinomial and their outcomes one stratum.
 */
final class Era {
  private final int step;
  private final double rho;
  private final long[] exposures = new long[Side.COUNT];
  private final MeanTally[][] means;

  Era(int step, double rho, int checks) {
    this.step = step;
    this.rho = rho;
    means = new MeanTally[checks][Side.COUNT];
    for (MeanTally[] sides : means) {
      for (int side = 0; side < Side.COUNT; side++) {
        sides[side] = new MeanTally();
      }
    }
  }

  int step() {
    return step;
  }

  double rho() {
    return rho;
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

  MeanDifference.Stratum stratum(int check) {
    return new MeanDifference.Stratum(
        means[check][Side.STABLE].moments(), means[check][Side.CANDIDATE].moments());
  }

  /** ln E against "units were assigned with the share". */
  double logMismatch() {
    return SampleRatioMismatch.logEvidence(exposures, new double[] {1 - rho, rho});
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(step);
    out.writeDouble(rho);
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
    Era era = new Era(in.readInt(), in.readDouble(), checks);
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
