package weir.http;

/** A port that the doors should open belongs to another process; the message says which. */
public final class PortTakenException extends Exception {
  private static final long serialVersionUID = 1L;

  PortTakenException(String host, int port, String key) {
    super(
        "port %d on %s is taken by another process; stop it, or set %s to another port (0 takes any)"
            .formatted(port, host, key));
  }
}
