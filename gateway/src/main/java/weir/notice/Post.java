package weir.notice;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One POST of JSON to one address, within one time for all of it. */
record Post(HttpClient client, URI url, Duration timeout, Optional<Signature> signature) {
  /** How a post ended. */
  sealed interface Outcome {
    record Taken() implements Outcome {}

    /** It may go better another time. */
    record Failed(String why) implements Outcome {}

    /** The receiver does not want it. */
    record Refused(String why) implements Outcome {}
  }

  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  Outcome send(byte[] body) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    signature.ifPresent(by -> request.header("weir-signature", by.of(body)));
    // The client's own timeout ends with the headers; a body may drip on.
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
    try {
      return outcome(answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode());
    } catch (TimeoutException e) {
      return new Outcome.Failed("no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return new Outcome.Failed(
          cause == null ? e.getClass().getSimpleName() : cause.getClass().getSimpleName());
    } finally {
      answer.cancel(true);
    }
  }

  private static Outcome outcome(int status) {
    if (status >= 200 && status < 300) {
      return new Outcome.Taken();
    }
    boolean later = status >= 500 || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT;
    String why = "status " + status;
    return later ? new Outcome.Failed(why) : new Outcome.Refused(why);
  }
}
