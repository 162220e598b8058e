package weir;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** A running gateway as its commands see it: one of its ports, asked over HTTP/1.1. */
final class RemoteGateway implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  private static final int ACTOR_CHARS_MAX = 64;
  private static final int UNAUTHENTICATED = 401;
  private static final String KEY_HINT = " (put the key into WEIR_API_KEY, or give --key-file)";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI address;
  private final String option;
  private final Optional<String> authorization;
  private final HttpClient http;

  /** {@code option} is where the user gives the address; messages name it. */
  RemoteGateway(URI address, String option) {
    this(address, option, Optional.empty(), Optional.empty());
  }

  RemoteGateway(
      URI address, String option, Optional<String> authorization, Optional<SSLContext> trust) {
    if (address.getHost() == null || address.getScheme() == null) {
      throw new IllegalArgumentException(
          "%s must be an address such as http://127.0.0.1:8002, not '%s'"
              .formatted(option, address));
    }
    this.address = address;
    this.option = option;
    this.authorization = authorization;
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_MAX);
    if (address.getScheme().equals("https")) {
      trust.ifPresent(client::sslContext);
    } else {
      client.sslContext(trustingNobody());
    }
    this.http = client.build();
  }

  /** For an address without TLS: the system's authorities take longer to read than the answer. */
  private static SSLContext trustingNobody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  /** A whole answer. */
  record Reply(int status, String body) {
    boolean ok() {
      return status == 200;
    }

    JsonNode json() throws CallFailedException {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new CallFailedException(ClientCode.FAILED, "the gateway's answer is no JSON", e);
      }
    }

    /** Why it was refused, in the gateway's words. */
    String error() {
      try {
        return JSON.readTree(body).path("error").asText(noWords());
      } catch (JsonProcessingException e) {
        return noWords();
      }
    }

    private String noWords() {
      return "the answer is %d without words; is a weir gateway at this address?".formatted(status);
    }

    CallFailedException failure() {
      String words = status == UNAUTHENTICATED ? error() + KEY_HINT : error();
      return new CallFailedException(ClientCode.of(status), words);
    }
  }

  Reply get(String path) throws CallFailedException, InterruptedException {
    return text(request(path).timeout(ANSWER_MAX).build());
  }

  /** Headers as name, value, name, value. */
  Reply post(String path, String body, String... headers)
      throws CallFailedException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .timeout(ANSWER_MAX)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return text(headers.length == 0 ? request.build() : request.headers(headers).build());
  }

  /** An answer that does not end, read while it comes. */
  HttpResponse<InputStream> stream(String path, String... headers)
      throws CallFailedException, InterruptedException {
    HttpRequest.Builder request = request(path);
    return send(
        headers.length == 0 ? request.build() : request.headers(headers).build(),
        BodyHandlers.ofInputStream());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
    authorization.ifPresent(value -> request.header("authorization", value));
    return request;
  }

  private Reply text(HttpRequest request) throws CallFailedException, InterruptedException {
    HttpResponse<String> response = send(request, BodyHandlers.ofString());
    return new Reply(response.statusCode(), response.body());
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws CallFailedException, InterruptedException {
    try {
      return http.send(request, handler);
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new CallFailedException(
          ClientCode.UNREACHABLE,
          "no gateway answers at %s: start one with 'ops/weir serve --config FILE', or give its address with %s"
              .formatted(address, option),
          e);
    } catch (HttpTimeoutException e) {
      throw new CallFailedException(
          ClientCode.FAILED,
          "the gateway at %s gave no answer within %d s; whether it did what was asked, 'ops/weir audit' says"
              .formatted(address, ANSWER_MAX.toSeconds()),
          e);
    } catch (SSLException e) {
      throw new CallFailedException(
          ClientCode.FAILED,
          "the gateway at %s is not trusted (%s): give who vouches for it with --ca"
              .formatted(address, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new CallFailedException(
          ClientCode.FAILED,
          "the connection to %s broke (%s); whether the gateway did what was asked, 'ops/weir audit' says"
              .formatted(address, e.getMessage()),
          e);
    }
  }

  /** A name as one part of a path or the value of a query. */
  static String part(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The login user's name in the characters that {@code weir-actor} takes. */
  static String actor(String user) {
    String name = user.replaceAll("[^A-Za-z0-9._@+-]", "_");
    return name.isEmpty() ? "unknown" : name.substring(0, Math.min(ACTOR_CHARS_MAX, name.length()));
  }

  /** Ends open streams too. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
