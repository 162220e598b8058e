package weir.experiment;

/** One check read by itself; the verdict also needs to know what the other checks say. */
interface Assessment {
  Check check();

  /** ln E against "the candidate is not worse"; 0 before there is any evidence. */
  double logHarmEvidence();

  /**
   * @param rejected whether that evidence suffices, given all checks that share alpha
   */
  CheckResult result(boolean rejected);
}
