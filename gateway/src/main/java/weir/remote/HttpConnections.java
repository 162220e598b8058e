package weir.remote;

import java.net.URI;
import java.util.Map;
import weir.remote.RemoteFailure.Kind;

/** HTTP/1.1 connections to one host, used again by call after call; bounded, with a queue. */
final class HttpConnections implements AutoCloseable {
  HttpConnections(URI base, Map<String, String> headers, ConnectionSettings settings) {}

  /** Sends {@code call} and reads the whole answer, whatever its status; follows no redirect. */
  HttpReply exchange(HttpCall call, long deadlineNanos) throws RemoteFailure {
    throw new RemoteFailure(Kind.UNREACHABLE, "not built yet");
  }

  /** Connections that carry a call now. */
  int active() {
    return 0;
  }

  /** Connections that wait for a call. */
  int idle() {
    return 0;
  }

  /** Closes idle connections; a running call keeps its own until it ends. */
  @Override
  public void close() {}
}
