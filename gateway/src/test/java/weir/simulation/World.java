package weir.simulation;

/**
 * How the requests of both variants behave.
 *
 * <p>Latency is lognormal with a median of 10 ms and {@code sigma}; the candidate's is {@code
 * slower} times that. {@code daily}: errors, latency and rewards rise and fall together in both
 * variants. {@code users}, unless 0, keep their variant, few of them send most requests, and
 * errors, latency and rewards depend on the user. {@code coldCache}: the stable variant answers
 * nine tenths from its cache, the candidate half, and a fifth of the requests are measured.
 */
record World(
    double errors,
    double candidateErrors,
    double sigma,
    double slower,
    boolean daily,
    int users,
    boolean coldCache) {

  /** Both variants alike. */
  static World harmless(double errors) {
    return new World(errors, errors, 0.5, 1, false, 0, false);
  }

  World withCandidateErrors(double rate) {
    return new World(errors, rate, sigma, slower, daily, users, coldCache);
  }

  World withSlower(double factor, double sigma) {
    return new World(errors, candidateErrors, sigma, factor, daily, users, coldCache);
  }

  World withDailyCycle() {
    return new World(errors, candidateErrors, sigma, slower, true, users, coldCache);
  }

  World withHeavyUsers(int users) {
    return new World(errors, candidateErrors, sigma, slower, daily, users, coldCache);
  }

  World withColdCache() {
    return new World(errors, candidateErrors, sigma, slower, daily, users, true);
  }

  /** The standard deviation of ln latency over all requests of a variant, the cache aside. */
  double spread() {
    return users > 0 ? Math.hypot(sigma, SimulatedTraffic.USER_SPREAD) : sigma;
  }
}
