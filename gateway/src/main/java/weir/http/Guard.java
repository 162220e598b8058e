package weir.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import weir.access.Access;
import weir.access.Caller;
import weir.access.Credentials;
import weir.access.Need;
import weir.access.Needs;
import weir.access.Refusal;

/** Holds requests of one path against what it asks of callers, before their bodies are read. */
final class Guard {
  private static final HeaderName API_KEY = HeaderNames.create("x-api-key");
  private static final String CHALLENGE = "Bearer realm=\"weir\"";
  private static final String CHALLENGE_AGAIN = CHALLENGE + ", error=\"invalid_token\"";
  private static final long DISCARD_MAX_BYTES = 1 << 20;

  private final Access access;
  private final Need need;
  private final boolean chosenByQuery;

  /** {@code pattern} must be in the table of needs. */
  Guard(Access access, String pattern) {
    this.access = access;
    this.need = access.ofPath(pattern);
    this.chosenByQuery = Needs.chosenByQuery(pattern);
  }

  /** Whether the request goes on; else it is answered. */
  boolean admits(ServerRequest request, ServerResponse response) {
    if (need instanceof Need.Open) {
      return true;
    }
    return switch (access.admit(need, model(request), credentials(request))) {
      case Access.Answer.Admitted(Caller caller) -> {
        if (access.required()) {
          request.context().register(caller);
        }
        yield true;
      }
      case Access.Answer.Refused(Refusal refusal) -> {
        refuse(request, response, refusal);
        yield false;
      }
    };
  }

  /** Whether a request that was let in long ago still would be. */
  boolean stillAdmits(ServerRequest request) {
    return access.holds(need, model(request), credentials(request));
  }

  /** Who asks; empty where nobody has to say. */
  static Optional<Caller> caller(ServerRequest request) {
    return request.context().get(Caller.class);
  }

  /** Whose share of the gateway a request takes: the caller's, or of nobody's the address's. */
  static String account(ServerRequest request, Access access) {
    // Asking for the context makes one, which nobody else needs.
    return (access.required() ? caller(request) : Optional.<Caller>empty())
        .map(Caller::name)
        .orElseGet(() -> new Credentials("", "", origin(request, access)).place());
  }

  /** The model of the path, or the one that the query chooses where that leaves the others out. */
  private String model(ServerRequest request) {
    return chosenByQuery
        ? request.query().first("model").orElse("")
        : Paths.parameter(request, "model");
  }

  private Credentials credentials(ServerRequest request) {
    return new Credentials(
        request.headers().first(HeaderNames.AUTHORIZATION).orElse(""),
        request.headers().first(API_KEY).orElse(""),
        origin(request, access));
  }

  /** Where the caller is; behind a trusted proxy not the proxy. */
  private static SocketAddress origin(ServerRequest request, Access access) {
    SocketAddress peer = request.remotePeer().address();
    if (!request.headers().contains(HeaderNames.X_FORWARDED_FOR)) {
      return peer;
    }
    List<String> forwardedFor = request.headers().all(HeaderNames.X_FORWARDED_FOR, List::of);
    return access.origin(peer, String.join(",", forwardedFor));
  }

  private static void refuse(ServerRequest request, ServerResponse response, Refusal refusal) {
    boolean whole = discard(request);
    if (!whole) {
      Answers.closing(request, response);
    }
    Status status = Answers.status(refusal.reason());
    if (status.code() == Status.UNAUTHORIZED_401.code()) {
      boolean shown =
          request.headers().contains(HeaderNames.AUTHORIZATION)
              || request.headers().contains(API_KEY);
      response.header(HeaderNames.WWW_AUTHENTICATE, shown ? CHALLENGE_AGAIN : CHALLENGE);
    }
    if (!refusal.retryAfter().isZero()) {
      response.header(HeaderNames.RETRY_AFTER, Long.toString(refusal.retryAfterSeconds()));
    }
    Answers.error(response, status, refusal.words());
    if (!whole) {
      Answers.closeUnread(request);
    }
  }

  /** Reads a body of ordinary size away, so that the connection serves the next request. */
  private static boolean discard(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return true;
    }
    if (request.headers().contains(HeaderNames.EXPECT)
        || request.headers().contentLength().orElse(Long.MAX_VALUE) > DISCARD_MAX_BYTES) {
      return false;
    }
    try (InputStream in = request.content().inputStream()) {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
