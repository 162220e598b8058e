package weir.stats;

/**
 * A p-value that stays right however often it is looked at: p_t = min(p_{t−1}, 1/E_t).
 *
 * <p>Source: Johari, Koomen, Pekelis, Walsh, Always Valid Inference, Operations Research 2022,
 * section 3; validity is Ville's inequality.
 */
public record AlwaysValidP(double value) {
  /** Before any evidence. */
  public static final AlwaysValidP START = new AlwaysValidP(1);

  public AlwaysValidP {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("a p-value lies in [0, 1], not " + value);
    }
  }

  /** After one more look at ln E. */
  public AlwaysValidP after(double logEvidence) {
    double next = Math.exp(-logEvidence);
    return next < value ? new AlwaysValidP(next) : this;
  }
}
