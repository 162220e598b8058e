package weir.demo;

import java.time.Duration;
import java.util.List;

/**
 * Everything that is known of a run at one moment.
 *
 * @param versions the wanted ones in their order, then others in the order they were met
 * @param failures what went wrong, the most frequent first
 * @param latest the last priced stone in words; empty before the first
 */
record Snapshot(
    Duration elapsed,
    Totals totals,
    Users users,
    List<VersionRow> versions,
    CacheCounts cache,
    List<Failure> failures,
    String latest) {
  Snapshot {
    versions = List.copyOf(versions);
    failures = List.copyOf(failures);
  }

  /**
   * All versions together.
   *
   * @param perSecond requests that ended, per second, over the last seconds
   * @param unsent requests that were due but too late to be worth sending
   */
  record Totals(long answered, long failed, long unsent, double perSecond) {
    long ended() {
      return answered + failed;
    }
  }

  /**
   * The users and their loyalty.
   *
   * @param total users that take turns
   * @param moved how often a user met another version than at its request before
   */
  record Users(int total, long moved) {}

  /**
   * What a client sees of one version.
   *
   * @param wanted share of the traffic that the configuration gives it, from 0 to 1
   * @param seen share of the requests with a known version that it got
   * @param users how many users met it last
   * @param p50 of the answers, without failures
   */
  record VersionRow(
      String version,
      double wanted,
      double seen,
      int users,
      long requests,
      long errors,
      Duration p50,
      Duration p99,
      Pricing pricing) {}

  /** How often one thing went wrong. */
  record Failure(String message, long count) {}
}
