package weir.inference;

import java.util.Locale;

/** Why a request got no answer; the closed set behind {@code weir_refusals_total{reason}}. */
public enum Reason {
  MALFORMED(Blame.CALLER),
  UNKNOWN_MODEL(Blame.CALLER),
  UNKNOWN_VERSION(Blame.CALLER),
  TOO_LARGE(Blame.CALLER),
  OVERLOADED(Blame.CAPACITY),
  NOT_READY(Blame.GATEWAY),
  INTERNAL(Blame.GATEWAY),
  BACKEND_TIMEOUT(Blame.BACKEND),
  BACKEND_FAILED(Blame.BACKEND),
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
