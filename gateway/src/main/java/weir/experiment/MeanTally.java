package weir.experiment;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import weir.stats.Moments;

/** Number, mean and squares of some outcomes, added without an allocation (Welford). */
final class MeanTally {
  private long count;
  private double mean;
  private double squares;

  void add(double value) {
    count++;
    double distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }

  void add(MeanTally other) {
    Moments both = moments().plus(other.moments());
    count = both.count();
    mean = both.mean();
    squares = both.squares();
  }

  Moments moments() {
    return new Moments(count, mean, squares);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(count);
    out.writeDouble(mean);
    out.writeDouble(squares);
  }

  void read(DataInput in) throws IOException {
    count = in.readLong();
    mean = in.readDouble();
    squares = in.readDouble();
  }
}
