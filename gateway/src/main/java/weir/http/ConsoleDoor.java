package weir.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;

/**
 * The console: one page at {@code /} and {@code /console}, for people without Grafana.
 *
 * <p>A static page that asks the admin paths like any client. Its only foreign part is uPlot, from
 * its published archive; nothing is fetched from elsewhere, and the browser is told to refuse it.
 */
final class ConsoleDoor {
  private static final String OWN = "weir/http/console/";
  private static final String PLOT = "META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final String PAGE = "index.html";

  /** Each file with the folder of resources that it is in. */
  private static final Map<String, String> FILES =
      Map.ofEntries(
          Map.entry("console.css", OWN),
          Map.entry("api.js", OWN),
          Map.entry("charts.js", OWN),
          Map.entry("commands.js", OWN),
          Map.entry("console.js", OWN),
          Map.entry("element.js", OWN),
          Map.entry("events.js", OWN),
          Map.entry("figures.js", OWN),
          Map.entry("history.js", OWN),
          Map.entry("icon.svg", OWN),
          Map.entry("views.js", OWN),
          Map.entry("uPlot.esm.js", PLOT),
          Map.entry("uPlot.min.css", PLOT));

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private static final List<Header> GUARDS =
      List.of(
          HeaderValues.createCached(
              HeaderNames.create("Content-Security-Policy"),
              "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none';"
                  + " frame-ancestors 'none'"),
          HeaderValues.createCached(HeaderNames.create("X-Content-Type-Options"), "nosniff"),
          HeaderValues.createCached(HeaderNames.create("Referrer-Policy"), "no-referrer"),
          HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache"));

  void route(Routes routing) {
    Fallback.route(routing, Method.GET, "/", (_, response) -> send(response, OWN, PAGE));
    Fallback.route(routing, Method.GET, "/console", (_, response) -> send(response, OWN, PAGE));
    Fallback.route(routing, Method.GET, "/console/{file}", this::file);
  }

  private void file(ServerRequest request, ServerResponse response) {
    String name = Paths.parameter(request, "file");
    String folder = FILES.get(name);
    if (folder == null) {
      Answers.error(response, Status.NOT_FOUND_404, Fallback.NO_SUCH_PATH);
    } else {
      send(response, folder, name);
    }
  }

  private static void send(ServerResponse response, String folder, String name) {
    GUARDS.forEach(response::header);
    response.header(
        HeaderNames.CONTENT_TYPE,
        TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), ""));
    response.send(ApiDocs.resource(folder + name));
  }
}
