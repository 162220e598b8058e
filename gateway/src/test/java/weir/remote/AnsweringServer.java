package weir.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import weir.remote.RemoteFailure.Kind;

/** A server of one answer that keeps the last request, and a way to it. */
final class AnsweringServer implements AutoCloseable {
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  int status = 200;
  String answer = "";
  Map<String, String> headers = Map.of();
  volatile String asked = "";
  volatile String body = "";
  volatile String contentType = "";

  AnsweringServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
    body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    contentType = String.valueOf(exchange.getRequestHeaders().getFirst("content-type"));
    headers.forEach(exchange.getResponseHeaders()::add);
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  HttpReply exchange(HttpCall call, long deadlineNanos) throws RemoteFailure {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(call.target()));
    call.headers().forEach(request::header);
    byte[] sent = Arrays.copyOf(call.body(), call.length());
    request.method(call.method(), HttpRequest.BodyPublishers.ofByteArray(sent));
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      Map<String, String> names = new HashMap<>();
      response.headers().map().forEach((name, values) -> names.put(name, values.getFirst()));
      return new HttpReply(response.statusCode(), names, response.body(), response.body().length);
    } catch (IOException | InterruptedException e) {
      throw new RemoteFailure(Kind.BROKEN, e.toString());
    }
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
  }
}
