package weir.rollout;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Under which keys of the journal the evidence of one rollout is kept: a part for each replica, and
 * what is everyone's.
 *
 * @param terms what the evidence is gathered under; another's claims and limits are not these
 */
record EvidenceKeys(String model, String rollout, String terms) {
  /** No replica's id begins so. */
  private static final String SHARED_BY_ALL = "@";

  /** Followed by a replica's id. */
  String prefix() {
    return "experiment/" + model + "/" + rollout + "/";
  }

  boolean shared(String key) {
    return key.startsWith(prefix() + SHARED_BY_ALL);
  }

  String limits() {
    return prefix() + SHARED_BY_ALL + "slow-" + Long.toHexString(number(terms));
  }

  String claims() {
    return prefix() + SHARED_BY_ALL + "claims-" + Long.toHexString(number(terms));
  }

  /** A number that differs between texts, for all that can be expected. */
  static long number(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits();
  }
}
