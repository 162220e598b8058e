package weir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import weir.http.OpenApiDocument;

/** The documents of both ports, asked of a gateway that runs, beside what it answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServedDocumentsTest {
  private static final String MODELS =
      """
      diamond-price:
        routing: {sticky: {by-header: x-user-id}, policy: {fixed: "1"}}
        serving: {score: price}
      """;
  private static final Path DOORS = Path.of("src/main/java/weir/http");
  private static final Pattern ROUTE = Pattern.compile("Fallback\\s*\\.route\\(");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private TestGateway running;

  @BeforeAll
  void start(@TempDir Path state) throws Exception {
    running = TestGateway.start(TestGateway.REPOSITORY, state, MODELS);
  }

  @AfterAll
  void stop() {
    running.close();
    client.close();
  }

  private List<Integer> ports() {
    return List.of(running.gateway().port(), running.gateway().managementPort());
  }

  private HttpResponse<String> ask(int port, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("content-type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private OpenApiDocument document(int port) throws IOException, InterruptedException {
    return OpenApiDocument.of(ask(port, "GET", "/openapi.yaml", "").body());
  }

  @Test
  void operations_documented_areRoutedWithThatMethod() throws Exception {
    for (int port : ports()) {
      for (String operation : document(port).operations().keySet()) {
        String[] methodAndPath = operation.split(" ", 2);
        String path = methodAndPath[1].replaceAll("\\{\\w+}", "x");

        HttpResponse<String> refused = ask(port, "DELETE", path, "");

        assertThat(refused.statusCode()).as(operation).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow")).as(operation).hasValue(methodAndPath[0]);
      }
    }
  }

  /** Each routed path is one call, those of the documents themselves on both ports. */
  @Test
  void operations_routed_areAsManyAsDocumented() throws Exception {
    long routed = 0;
    try (Stream<Path> files = Files.list(DOORS)) {
      for (Path file : files.toList()) {
        long calls = ROUTE.matcher(Files.readString(file)).results().count();
        routed += file.endsWith("ApiDocs.java") ? 2 * calls : calls;
      }
    }
    long documented = 0;
    for (int port : ports()) {
      documented += document(port).operations().size();
    }

    assertThat(documented).isEqualTo(routed);
  }

  @Test
  void answers_ofTheAdminPaths_fitTheirSchemas() throws Exception {
    String model = "/admin/models/diamond-price";
    List<String> misfits = new ArrayList<>();
    fits(misfits, "POST", model + "/split", "{\"weights\":{\"1\":90,\"2\":10}}", 200);
    fits(misfits, "POST", model + "/rollout/start", "{\"candidate\":\"2\",\"why\":\"w\"}", 200);
    fits(misfits, "POST", model + "/rollout/start", "{\"candidate\":\"2\"}", 409);
    fits(misfits, "POST", model + "/rollout/pause", "{\"what\":1}", 400);
    running.post(TestGateway.INFER, TestGateway.STONE);
    fits(misfits, "GET", "/admin/models", "", 200);
    fits(misfits, "GET", model, "", 200);
    fits(misfits, "GET", model + "/experiment", "", 200);
    fits(misfits, "POST", model + "/rollout/abort", "", 200);
    fits(misfits, "GET", model + "/experiment", "", 200);
    fits(misfits, "GET", "/admin/audit", "", 200);
    fits(misfits, "GET", model + "/drift", "", 404);
    fits(misfits, "GET", "/health/ready", "", 200);
    fits(misfits, "GET", "/admin/status", "", 200);
    fits(misfits, "GET", "/admin/overview", "", 200);

    assertThat(misfits).isEmpty();
  }

  private void fits(List<String> misfits, String method, String path, String body, int status)
      throws Exception {
    int port = running.gateway().managementPort();
    OpenApiDocument document = document(port);
    HttpResponse<String> answer = ask(port, method, path, body);
    assertThat(answer.statusCode()).as("%s %s: %s", method, path, answer.body()).isEqualTo(status);
    String operation = method + " " + path.replace("/diamond-price", "/{model}");
    JsonNode documented = document.response(operation, "" + status);
    documented
        .path("headers")
        .fieldNames()
        .forEachRemaining(header -> {
          if (answer.headers().firstValue(header).isEmpty()) {
            misfits.add(operation + " lacks the header " + header);
          }
        });
    document
        .schema(documented.at("/content/application~1json/schema"))
        .validate(new ObjectMapper().readTree(answer.body()))
        .forEach(error -> misfits.add(operation + ": " + error));
  }
}
