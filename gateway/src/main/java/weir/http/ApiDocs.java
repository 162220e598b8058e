package weir.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * {@code /openapi.yaml} and a page that shows it.
 *
 * <p>The page is Swagger UI from its published archive, served from this process; nothing is
 * fetched from elsewhere.
 */
final class ApiDocs {
  private static final String SWAGGER = "META-INF/resources/webjars/swagger-ui/5.21.0/";
  private static final Map<String, String> PAGE_FILES =
      Map.of(
          "swagger-ui.css", "text/css",
          "swagger-ui-bundle.js", "text/javascript",
          "favicon-32x32.png", "image/png");

  private final byte[] document;
  private final byte[] page;

  private ApiDocs(byte[] document, byte[] page) {
    this.document = document;
    this.page = page;
  }

  /** With the document of one port, a resource of this package. */
  static ApiDocs create(String document) {
    return new ApiDocs(resource("weir/http/" + document), resource("weir/http/docs.html"));
  }

  void route(Routes routing) {
    Fallback.route(
        routing,
        Method.GET,
        "/openapi.yaml",
        (_, response) -> send(response, "application/yaml", document));
    Fallback.route(
        routing, Method.GET, "/docs", (_, response) -> send(response, "text/html", page));
    Fallback.route(routing, Method.GET, "/docs/{file}", this::file);
  }

  private void file(ServerRequest request, ServerResponse response) {
    String name = Paths.parameter(request, "file");
    String type = PAGE_FILES.get(name);
    if (type == null) {
      Answers.error(response, Status.NOT_FOUND_404, Fallback.NO_SUCH_PATH);
    } else {
      send(response, type, resource(SWAGGER + name));
    }
  }

  private static void send(ServerResponse response, String type, byte[] bytes) {
    response.header(
        HeaderNames.CONTENT_TYPE, type + (type.startsWith("text") ? "; charset=utf-8" : ""));
    response.send(bytes);
  }

  static byte[] resource(String name) {
    try (InputStream in = ApiDocs.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the build lacks the resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
