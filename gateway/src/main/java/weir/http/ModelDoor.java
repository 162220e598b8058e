package weir.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import weir.inference.ModelSignature;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;
import weir.oip.MetadataEncoder;
import weir.oip.RepositoryEntry;
import weir.serving.ModelDirectory;

/** The protocol's questions about server and models: metadata, readiness, statistics, index. */
final class ModelDoor {
  private static final List<String> EXTENSIONS =
      List.of("binary_tensor_data", "statistics", "model_repository");

  private final ModelDirectory directory;
  private final GatewayMetrics metrics;
  private final String version;
  private final MetadataEncoder encoder = new MetadataEncoder();

  ModelDoor(ModelDirectory directory, GatewayMetrics metrics, String version) {
    this.directory = directory;
    this.metrics = metrics;
    this.version = version;
  }

  void server(ServerRequest request, ServerResponse response) {
    Answers.json(response, encoder.server(version, EXTENSIONS));
  }

  void live(ServerRequest request, ServerResponse response) {
    Answers.json(response, utf8("{\"live\":true}"));
  }

  void ready(ServerRequest request, ServerResponse response) {
    ready(response, JsonNodeFactory.instance.objectNode());
  }

  /** With what {@code details} say besides when it is. */
  void ready(ServerResponse response, ObjectNode details) {
    if (directory.ready()) {
      ObjectNode ready = JsonNodeFactory.instance.objectNode().put("ready", true);
      ready.setAll(details);
      Answers.json(response, utf8(ready.toString()));
    } else {
      Answers.notReady(
          response,
          directory
              .opening()
              .orElse("not every model is ready; POST /v2/repository/index says which"));
    }
  }

  void model(ServerRequest request, ServerResponse response) {
    String model = Paths.parameter(request, "model");
    String asked = Paths.parameter(request, "version");
    Optional<ModelSignature> signature = directory.signature(model, asked);
    if (signature.isEmpty()) {
      unknown(response, model, asked);
      return;
    }
    List<String> versions = asked.isEmpty() ? directory.versions(model) : List.of(asked);
    Answers.json(response, encoder.model(model, versions, signature.get()));
  }

  void modelReady(ServerRequest request, ServerResponse response) {
    String model = Paths.parameter(request, "model");
    String asked = Paths.parameter(request, "version");
    if (asked.isEmpty() ? directory.ready(model) : directory.ready(model, asked)) {
      Answers.json(response, utf8("{\"name\":\"" + model + "\",\"ready\":true}"));
    } else if (asked.isEmpty() ? directory.knows(model) : directory.knows(model, asked)) {
      Answers.notReady(response, "the model is not ready; POST /v2/repository/index says why");
    } else {
      unknown(response, model, asked);
    }
  }

  void statistics(ServerRequest request, ServerResponse response) {
    String model = Paths.parameter(request, "model");
    String asked = Paths.parameter(request, "version");
    List<String> versions =
        directory.versions(model).stream()
            .filter(each -> asked.isEmpty() || each.equals(asked))
            .toList();
    if (versions.isEmpty()) {
      unknown(response, model, asked);
      return;
    }
    Answers.json(
        response,
        encoder.statistics(
            model,
            versions.stream()
                .map(each -> StatisticsViews.of(each, metrics.statistics(new Variant(model, each))))
                .toList()));
  }

  void index(ServerRequest request, ServerResponse response) {
    Answers.json(
        response,
        encoder.repositoryIndex(
            directory.listings().stream()
                .map(listing ->
                    new RepositoryEntry(
                        listing.variant().model(),
                        listing.variant().version(),
                        listing.problem().isEmpty(),
                        listing.problem()))
                .toList()));
  }

  private static byte[] utf8(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private void unknown(ServerResponse response, String model, String version) {
    if (directory.knows(model) && !version.isEmpty()) {
      Answers.error(
          response,
          Status.NOT_FOUND_404,
          "the model has no such version; it has " + String.join(", ", directory.versions(model)));
    } else {
      Answers.error(
          response,
          Status.NOT_FOUND_404,
          "the model is unknown; POST /v2/repository/index lists the models");
    }
  }
}
