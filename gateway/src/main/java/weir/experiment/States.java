package weir.experiment;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * How sums and limits are kept: each after the terms it was gathered under, so that what was
 * gathered otherwise is not mixed in.
 */
record States(Experiment.Terms of, boolean claimed) {
  private static final String FORMAT = "weir-experiment-2";

  String terms() {
    return "%s %s %s %s %s %s %s %s %s"
        .formatted(
            FORMAT,
            of.rollout(),
            of.model(),
            of.stable(),
            of.candidate(),
            of.sticky() ? "sticky" : "not sticky",
            claimed ? "claimed" : "marked",
            of.stepsPlanned(),
            of.settings().checks().stream().map(Check::name).toList());
  }

  private interface Writing {
    void to(DataOutput out) throws IOException;
  }

  private interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }

  byte[] write(Sums sums) {
    return write(sums::write);
  }

  byte[] limits(double[] limits) {
    return write(out -> {
      for (double limit : limits) {
        out.writeDouble(limit);
      }
    });
  }

  private byte[] write(Writing content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(terms());
      content.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** Empty when they were gathered under other terms. */
  Optional<Sums> read(byte[] state) {
    return read(state, in -> Sums.read(in, of));
  }

  /** Empty when they belong to other terms. */
  Optional<double[]> limits(byte[] state) {
    return read(
        state,
        in -> {
          double[] limits = new double[of.settings().checks().size()];
          for (int i = 0; i < limits.length; i++) {
            limits[i] = in.readDouble();
          }
          return limits;
        });
  }

  private <T> Optional<T> read(byte[] state, Reading<T> content) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      return in.readUTF().equals(terms()) ? Optional.of(content.from(in)) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
