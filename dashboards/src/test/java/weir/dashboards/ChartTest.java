package weir.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.gson.JsonParser;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart {@code ops/helm/weir}, linted and rendered by Helm itself. */
class ChartTest {
  private static final Path CHART = Path.of("../ops/helm/weir").toAbsolutePath().normalize();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Map<String, Object> EVERYTHING =
      Map.of(
          "replicas", 3,
          "postgresql.url", "postgresql://db.example:5432/weir",
          "postgresql.existingSecret", "weir-db",
          "predictionKeys.existingSecret", "weir-keys",
          "models.existingClaim", "models",
          "serviceMonitor.enabled", true,
          "prometheusRule.enabled", true);

  private static List<JsonNode> rendered(Map<String, Object> values) throws IOException {
    TemplateCommand template = new Helm(CHART).template().withName("prod");
    for (Map.Entry<String, Object> value : values.entrySet()) {
      template = template.set(value.getKey(), value.getValue());
    }
    return YAML.readerFor(JsonNode.class).<JsonNode>readValues(template.call()).readAll();
  }

  private static JsonNode only(List<JsonNode> manifests, String kind, String name) {
    List<JsonNode> found =
        manifests.stream()
            .filter(manifest -> manifest.path("kind").asText().equals(kind))
            .filter(manifest -> manifest.at("/metadata/name").asText().equals(name))
            .toList();
    assertThat(found).as("%s %s", kind, name).hasSize(1);
    return found.getFirst();
  }

  private static void validate(JsonNode manifest) throws IOException {
    com.google.gson.JsonElement json = JsonParser.parseString(manifest.toString());
    switch (manifest.path("kind").asText()) {
      case "ConfigMap" -> V1ConfigMap.validateJsonElement(json);
      case "Deployment" -> V1Deployment.validateJsonElement(json);
      case "NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(json);
      case "PersistentVolumeClaim" -> V1PersistentVolumeClaim.validateJsonElement(json);
      case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(json);
      case "Service" -> V1Service.validateJsonElement(json);
      case "PrometheusRule",
          "ServiceMonitor" -> {} // Prometheus operator's; looked at by their own tests
      default -> throw new IllegalArgumentException("no type for " + manifest);
    }
  }

  @Test
  void chart_linted_isWhole() {
    assertThat(new Helm(CHART).lint().strict().call().isFailed()).isFalse();
  }

  @Test
  void manifests_rendered_haveOnlyFieldsThatKubernetesKnows() throws IOException {
    List<JsonNode> alone = rendered(Map.of("persistence.enabled", true));
    List<JsonNode> several = rendered(EVERYTHING);

    for (JsonNode manifest : Stream.concat(alone.stream(), several.stream()).toList()) {
      validate(manifest);
    }
    assertThat(alone).hasSizeGreaterThan(8);
    assertThat(several).hasSizeGreaterThan(10);
  }

  @Test
  void validation_ofAnUnknownField_refuses() throws IOException {
    JsonNode manifest =
        YAML.readTree("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {prots: []}}");

    assertThatThrownBy(() -> validate(manifest)).hasMessageContaining("prots");
  }

  @Test
  void deployment_rendered_givesTheDrainItsTimeAndTheContainerNoRights() throws IOException {
    JsonNode pod =
        only(rendered(Map.of("drainSeconds", 40, "preStopSeconds", 7)), "Deployment", "prod-weir")
            .at("/spec/template/spec");
    JsonNode container = pod.path("containers").path(0);

    assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(40 + 7);
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(container.at("/resources/limits/memory").asText()).isNotBlank();
    assertThat(container.path("image").asText()).endsWith(":0.1.0");
  }

  @Test
  void gateway_startedOnTheChartsConfiguration_answersItsProbesOnItsPorts(@TempDir Path folder)
      throws Exception {
    List<JsonNode> manifests = rendered(Map.of("serviceMonitor.enabled", true));
    String config = only(manifests, "ConfigMap", "prod-weir").at("/data/weir.yaml").asText();
    JsonNode container =
        only(manifests, "Deployment", "prod-weir").at("/spec/template/spec/containers/0");
    JsonNode read = YAML.readTree(config);

    assertThat(Dashboard.elements(container.path("ports")))
        .extracting(port -> port.path("name").asText() + " " + port.path("containerPort").asInt())
        .containsExactly(
            "http " + read.at("/http/port").asInt(),
            "grpc " + read.at("/grpc/port").asInt(),
            "management " + read.at("/http/management-port").asInt());
    List<String> probes =
        Stream.of("startupProbe", "livenessProbe", "readinessProbe")
            .map(probe -> container.path(probe).path("httpGet"))
            .peek(get -> assertThat(get.path("port").asText()).isEqualTo("management"))
            .map(get -> get.path("path").asText())
            .toList();
    servesProbes(
        folder,
        config
            .replaceAll("port: 800\\d", "port: 0")
            .replace("0.0.0.0", "127.0.0.1")
            .replaceAll("drain: \\w+", "drain: 1s"),
        Stream.concat(probes.stream(), Stream.of("/metrics")).toList());
  }

  /** Starts a gateway on a container's configuration, with this machine's folders in it. */
  static void servesProbes(Path folder, String config, List<String> paths) throws Exception {
    String here =
        config
            .replace(
                "/opt/weir/models/repository",
                Path.of("../models/repository").toAbsolutePath().normalize().toString())
            .replace("/var/lib/weir", folder.resolve("state").toString())
            .replace("http://tempo:4318", "http://127.0.0.1:9");
    try (GatewayProcess gateway = GatewayProcess.start(folder, here);
        HttpClient client = HttpClient.newHttpClient()) {
      for (String path : paths) {
        URI address = gateway.metrics().resolve(path);
        assertThat(
                client
                    .send(
                        HttpRequest.newBuilder(address).build(),
                        HttpResponse.BodyHandlers.discarding())
                    .statusCode())
            .as(path)
            .isEqualTo(200);
      }
    }
  }

  @Test
  void dashboardsAndRules_rendered_areTheRepositorysOwn() throws IOException {
    List<JsonNode> manifests = rendered(EVERYTHING);

    for (Dashboard dashboard : Dashboard.all()) {
      JsonNode carried =
          only(manifests, "ConfigMap", "prod-" + dashboard.file().replace(".json", ""));
      assertThat(new ObjectMapper().readTree(carried.path("data").path(dashboard.file()).asText()))
          .isEqualTo(dashboard.json());
      assertThat(carried.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    }
    for (Path rules : Rules.files()) {
      String name = "prod-weir-" + rules.getFileName().toString().replace(".yaml", "");
      assertThat(only(manifests, "PrometheusRule", name).path("spec")).isEqualTo(Rules.read(rules));
    }
    try (Stream<Path> carried = Files.list(CHART.resolve("files"))) {
      assertThat(carried).allMatch(Files::isSymbolicLink);
    }
  }

  @Test
  void values_thatContradict_areRefused() {
    assertThatThrownBy(() -> rendered(Map.of("replicas", 2)))
        .hasMessageContaining("postgresql.url");
    assertThatThrownBy(() -> rendered(Map.of("replica", 2))).hasMessageContaining("replica");
    assertThatThrownBy(
            () -> rendered(Map.of("postgresql.url", "postgresql://me:secret@db.example:5432/weir")))
        .hasMessageContaining("url");
  }
}
