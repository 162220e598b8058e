package weir.inference;

import java.util.Locale;

/** Why a request got no answer; the closed set behind {@code weir_refusals_total{reason}}. */
public enum Reason {
  MALFORMED(Blame.CALLER),
  UNKNOWN_MODEL(Blame.CALLER),
  UNKNOWN_VERSION(Blame.CALLER),
  TOO_LARGE(Blame.CALLER),
  /** The caller does not say who they are, or not truly. */
  UNAUTHENTICATED(Blame.CALLER),
  /** The caller lacks the role. */
  FORBIDDEN(Blame.CALLER),
  /** The caller asks more often than it may. */
  RATE_LIMITED(Blame.CALLER),
  /** More is asked than the gateway gives the variant at once. */
  OVERLOADED(Blame.CAPACITY),
  /** There is no more room, and the caller has more than its share of it beside others. */
  OVER_SHARE(Blame.CAPACITY),
  NOT_READY(Blame.GATEWAY),
  INTERNAL(Blame.GATEWAY),
  BACKEND_TIMEOUT(Blame.BACKEND),
  BACKEND_FAILED(Blame.BACKEND),
  /** The variant's server says that it has no room, or no connection to it came free in time. */
  BACKEND_BUSY(Blame.BACKEND),
  /** The variant's server does not take a request that fits the variant's signature. */
  BACKEND_REFUSED(Blame.BACKEND),
  /** So many requests of the variant failed that it is left alone for a while. */
  BREAKER_OPEN(Blame.BACKEND),
  BACKEND_UNREACHABLE(Blame.BACKEND),
  INVALID_OUTPUT(Blame.BACKEND);

  private final Blame blame;
  private final String label = name().toLowerCase(Locale.ROOT);

  Reason(Blame blame) {
    this.blame = blame;
  }

  public Blame blame() {
    return blame;
  }

  /** The value of the metric's label. */
  public String label() {
    return label;
  }
}
