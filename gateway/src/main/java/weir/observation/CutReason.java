package weir.observation;

import java.util.Locale;
import java.util.Optional;

/** Why a door ended what a client had begun. */
public enum CutReason {
  /** No first byte in time, or no end of the TLS handshake. */
  SLOW_START,
  SLOW_HEADERS,
  SLOW_BODY,
  /** The client did not take what was written to it. */
  SLOW_READER,
  /** Its address holds its share of connections, or the door all it may. */
  TOO_MANY,
  BAD_FRAMING,
  /** More frames that only cost work than a client has use for. */
  FLOOD;

  /** This reason, if so. */
  public Optional<CutReason> when(boolean so) {
    return so ? Optional.of(this) : Optional.empty();
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
