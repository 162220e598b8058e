package weir.experiment;

/**
 * Something of a unit that counts once in a rollout, and what it adds to the sums when it does.
 *
 * @param mark what it is, as a number: see the factories
 * @param events of the checks, as bits, that happened to a trial
 * @param value the outcome of a check of means
 * @param nanos when it was seen
 */
record Claim(long unit, int mark, Era era, int side, int events, double value, long nanos) {
  static final int EXPOSURE = 0;
  private static final int TRIAL = 1 << 8;

  /** The first event or outcome of a check, 1 to 14. */
  static int check(int index) {
    return 1 + index;
  }

  /** The first trial in a step: from 256 on, of those judged by latency from 512 on. */
  static int trial(Units.Trial trial, int step) {
    return (trial == Units.Trial.TIMED ? 2 : 1) * TRIAL + step;
  }

  void countIn(Sums sums) {
    count(sums, sums.era(era.id()), mark, side, events, value);
  }

  /** Adds it to {@code sums}, whose tally of its era is {@code era}. */
  static void count(Sums sums, Era era, int mark, int side, int events, double value) {
    if (mark == EXPOSURE) {
      era.exposed(side);
    } else if (mark >= TRIAL) {
      sums.step(era.step()).trial(mark >= 2 * TRIAL, events);
    } else if (Double.isNaN(value)) {
      sums.step(era.step()).evidence(mark - 1, side, era.rho());
    } else {
      era.add(mark - 1, side, value);
    }
  }

  UnitMark unitMark() {
    return new UnitMark(unit, mark);
  }
}
