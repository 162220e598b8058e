package weir.drift;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of one signal in one variant.
 *
 * @param since when the status became what it is; of warn and drift, the start of the first of the
 *     two windows that showed it
 * @param samples rows of the last window
 * @param distribution the shape of the values
 * @param shares the shares of rows that are missing, out of range, unseen
 */
public record SignalDrift(
    String feature,
    Place place,
    DriftStatus status,
    Instant since,
    long samples,
    Distribution distribution,
    List<Share> shares,
    List<Bin> bins) {
  public SignalDrift {
    shares = List.copyOf(shares);
    bins = List.copyOf(bins);
  }

  /**
   * How far the last window's distribution is from the baseline's, and how surely.
   *
   * @param ks Kolmogorov–Smirnov D at the edges; 0 for categories
   * @param wasserstein Wasserstein-1 over the baseline's sd; 0 for categories and where sd is 0
   * @param p of Pearson's χ²
   * @param z the same by Wilson and Hilferty, as the fleet's rules have it
   */
  public record Distribution(
      DriftStatus status,
      double psi,
      double jensenShannon,
      double ks,
      double wasserstein,
      double chiSquare,
      int degrees,
      double p,
      double z) {
    static final Distribution NONE =
        new Distribution(DriftStatus.INSUFFICIENT, 0, 0, 0, 0, 0, 0, 1, 0);
  }

  /**
   * A share of rows that should not grow.
   *
   * @param rows such rows in the window
   * @param p of χ² with one degree
   */
  public record Share(
      Kind kind, DriftStatus status, double baseline, double window, long rows, double p) {
    /** What is odd about the rows. */
    public enum Kind {
      MISSING("missing"),
      OUT_OF_RANGE("out_of_range"),
      UNSEEN("unseen");

      private final String label;

      Kind(String label) {
        this.label = label;
      }

      /** The word in reports, logs and metrics. */
      @JsonValue
      public String label() {
        return label;
      }
    }
  }

  /** One bin of both histograms. */
  public record Bin(String label, long baseline, long window) {}

  /** These numbers with what {@code judged}, of the same signal, said. */
  SignalDrift saying(SignalDrift judged) {
    List<Share> said = new ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      said.add(
          new Share(
              share.kind,
              judged.shares.get(i).status,
              share.baseline,
              share.window,
              share.rows,
              share.p));
    }
    Distribution shape =
        new Distribution(
            judged.distribution.status,
            distribution.psi,
            distribution.jensenShannon,
            distribution.ks,
            distribution.wasserstein,
            distribution.chiSquare,
            distribution.degrees,
            distribution.p,
            distribution.z);
    return new SignalDrift(feature, place, judged.status, judged.since, samples, shape, said, bins);
  }

  /** The same, but since {@code time}. */
  SignalDrift since(Instant time) {
    return new SignalDrift(feature, place, status, time, samples, distribution, shares, bins);
  }
}
