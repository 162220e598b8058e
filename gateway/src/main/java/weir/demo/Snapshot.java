package weir.demo;

import java.time.Duration;
import java.util.List;

/**
 * Everything that is known of a run at one moment.
 *
 * @param versions the wanted ones in their order, then others in the order they were met
 * @param failures what went wrong, the most frequent first
 * @param telling the story so far
 * @param latest the last priced stone in words; empty before the first
 */
record Snapshot(
    Duration elapsed,
    Totals totals,
    Users users,
    List<VersionRow> versions,
    CacheCounts cache,
    List<Failure> failures,
    String latest,
    Telling telling) {
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
   * @param seen share of the requests with a known version that it got in the last seconds
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

  /**
   * The story of a run.
   *
   * @param waiting what it waits for, in the gateway's words; empty when for nothing
   * @param feedback outcomes that the gateway accepted
   */
  record Telling(List<Told> told, String waiting, long feedback) {
    static final Telling NONE = new Telling(List.of(), "", 0);

    Telling {
      told = List.copyOf(told);
    }
  }

  /** One sentence, and when it was told. */
  record Told(Duration at, String sentence) {}

  /** How often one thing went wrong. */
  record Failure(String message, long count) {}
}
