package weir.remote;

/** Sends a call over some connection and reads its whole answer. */
@FunctionalInterface
interface Exchange {
  HttpReply exchange(HttpCall call, long deadlineNanos) throws RemoteFailure;

  /** Connections that carry a call now. */
  default int active() {
    return 0;
  }

  /** Connections that wait for a call. */
  default int idle() {
    return 0;
  }
}
