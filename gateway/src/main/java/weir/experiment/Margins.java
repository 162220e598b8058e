package weir.experiment;

/**
 * How much worse a ratio may be before a step of some share is not passed: 3 at 1 %, 1 at 5 %, 0.5
 * at 25 %, 0.25 from 50 % on.
 *
 * <p>Between them ln margin is linear in ln share: few candidate requests can only exclude gross
 * harm, and a larger share owes a sharper proof.
 */
final class Margins {
  private static final double[] SHARES = {0.01, 0.05, 0.25, 0.5};
  private static final double[] MARGINS = {3, 1, 0.5, 0.25};

  private Margins() {}

  static double at(double share) {
    if (share <= SHARES[0]) {
      return MARGINS[0];
    }
    for (int i = 1; i < SHARES.length; i++) {
      if (share <= SHARES[i]) {
        double part = Math.log(share / SHARES[i - 1]) / Math.log(SHARES[i] / SHARES[i - 1]);
        return MARGINS[i - 1] * Math.pow(MARGINS[i] / MARGINS[i - 1], part);
      }
    }
    return MARGINS[MARGINS.length - 1];
  }
}
