package weir.remote;

/** Sends a call over some connection and reads its whole answer. */
@FunctionalInterface
interface Exchange {
  HttpReply exchange(HttpCall call, long deadlineNanos) throws RemoteFailure;
}
