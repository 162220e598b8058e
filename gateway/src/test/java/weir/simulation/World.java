package weir.simulation;

/**
 * How the requests of both variants behave.
 *
 * <p>Latency is lognormal with a median of 10 ms and {@code sigma}; the candidate's is {@code
 * slower} times that. {@code daily}: errors, latency and rewards rise and fall together in both
 * variants. {@code heavyUsers}: 3,000 users keep their variant, few of them send most requests, and
 * errors, latency and rewards depend on the user. {@code coldCache}: the stable variant answers 90
 * % from its cache, the candidate 50 %, and 20 % of the requests are measured.
 */
record World(
    double errors,
    double candidateErrors,
    double sigma,
    double slower,
    boolean daily,
    boolean heavyUsers,
    boolean coldCache) {

  /** Both variants alike. */
  static World harmless(double errors) {
    return new World(errors, errors, 0.5, 1, false, false, false);
  }

  World withCandidateErrors(double rate) {
    return new World(errors, rate, sigma, slower, daily, heavyUsers, coldCache);
  }

  World withSlower(double factor, double sigma) {
    return new World(errors, candidateErrors, sigma, factor, daily, heavyUsers, coldCache);
  }

  World withDailyCycle() {
    return new World(errors, candidateErrors, sigma, slower, true, heavyUsers, coldCache);
  }

  World withHeavyUsers() {
    return new World(errors, candidateErrors, sigma, slower, daily, true, coldCache);
  }

  World withColdCache() {
    return new World(errors, candidateErrors, sigma, slower, daily, heavyUsers, true);
  }

  /** The standard deviation of ln latency over all requests of a variant, the cache aside. */
  double spread() {
    return heavyUsers ? Math.hypot(sigma, SimulatedTraffic.USER_SPREAD) : sigma;
  }
}
