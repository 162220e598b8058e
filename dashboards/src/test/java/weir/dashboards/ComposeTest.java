package weir.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ops/compose.yaml} and the files it mounts, as far as they can be held without Docker. */
class ComposeTest {
  private static final Path OPS = Path.of("../ops").toAbsolutePath().normalize();
  private static final JsonNode COMPOSE = Rules.read(OPS.resolve("compose.yaml"));
  private static final String TAGGED = "[a-z0-9./-]+:v?[0-9][A-Za-z0-9.-]*";

  /** What a service of this file may say; a slip of the pen would be a new key. */
  private static final Set<String> KEYS =
      Set.of(
          "<<",
          "image",
          "build",
          "command",
          "volumes",
          "tmpfs",
          "ports",
          "stop_grace_period",
          "healthcheck",
          "depends_on",
          "environment");

  private static Stream<Map.Entry<String, JsonNode>> services() {
    return COMPOSE.path("services").properties().stream();
  }

  /** From the place in the container to the file here, for every bind mount of a service. */
  private static Map<String, Path> mounts(String service) {
    Map<String, Path> mounts = new HashMap<>();
    Dashboard.elements(COMPOSE.path("services").path(service).path("volumes"))
        .map(JsonNode::asText)
        .filter(volume -> volume.startsWith("."))
        .map(volume -> volume.split(":", -1))
        .forEach(parts -> mounts.put(parts[1], OPS.resolve(parts[0]).normalize()));
    return mounts;
  }

  @Test
  void services_read_haveOnlyKnownKeysAPinnedImageAndAHealthCheck() {
    assertThat(services())
        .hasSize(5)
        .allSatisfy(service -> {
          assertThat(KEYS)
              .containsAll(service.getValue().propertyStream().map(Map.Entry::getKey).toList());
          assertThat(service.getValue().path("image").asText()).matches(TAGGED);
          assertThat(service.getValue().path("healthcheck").size()).isPositive();
          assertThat(service.getValue().path("<<").asText() + service.getValue().path("<<"))
              .as("contained")
              .isNotBlank();
        });
  }

  @Test
  void dockerfile_read_startsFromPinnedImagesAndEndsAsNobodySpecial() throws IOException {
    List<String> lines = Files.readAllLines(OPS.resolve("Dockerfile"), StandardCharsets.UTF_8);

    assertThat(lines.stream().filter(line -> line.startsWith("FROM ")))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line.split(" ", -1)[1]).matches(TAGGED));
    assertThat(lines).anyMatch(line -> line.matches("USER [1-9][0-9]*:[1-9][0-9]*"));
  }

  @Test
  void bindMounts_ofEveryService_existAndAreReadOnly() {
    assertThat(services().map(Map.Entry::getKey))
        .allSatisfy(name -> assertThat(mounts(name).values()).allMatch(Files::exists));
    assertThat(services().flatMap(s -> Dashboard.elements(s.getValue().path("volumes"))))
        .extracting(JsonNode::asText)
        .filteredOn(volume -> volume.startsWith("."))
        .allMatch(volume -> volume.endsWith(":ro"));
  }

  @Test
  void namedVolumes_ofEveryService_areDeclared() {
    assertThat(services().flatMap(s -> Dashboard.elements(s.getValue().path("volumes"))))
        .extracting(JsonNode::asText)
        .filteredOn(volume -> !volume.startsWith("."))
        .isNotEmpty()
        .allMatch(volume -> COMPOSE.path("volumes").has(volume.replaceFirst(":.*", "")));
  }

  @Test
  void ports_ofEveryService_areOpenToThisMachineAlone() {
    assertThat(services().flatMap(s -> Dashboard.elements(s.getValue().path("ports"))))
        .extracting(JsonNode::asText)
        .allMatch(port -> port.startsWith("127.0.0.1:"));
  }

  @Test
  void prometheus_configured_passesPromtoolWithTheMountedRules(@TempDir Path folder)
      throws Exception {
    Map<String, Path> mounts = mounts("prometheus");
    Path rules = Files.createDirectory(folder.resolve("rules"));
    for (Map.Entry<String, Path> mount : mounts.entrySet()) {
      if (mount.getKey().startsWith("/etc/prometheus/rules/")) {
        Files.copy(mount.getValue(), rules.resolve(Path.of(mount.getKey()).getFileName()));
      }
    }
    String config = Files.readString(OPS.resolve("compose/prometheus.yaml"));
    Path here =
        Files.writeString(
            folder.resolve("prometheus.yaml"),
            config.replace("/etc/prometheus/rules", rules.toString()));

    RulesTest.promtool("check", "config", here.toString());
    assertThat(config).contains("job_name: weir", "gateway:8002");
    assertThat(rules.toFile().list()).hasSameSizeAs(Rules.files());
    assertThat(COMPOSE.path("services").path("prometheus").path("command").toString())
        .contains("--enable-feature=exemplar-storage");
  }

  @Test
  void grafana_provisioned_showsEveryDashboardWithDataSourcesThatExist() {
    Map<String, Path> mounts = mounts("grafana");
    Path provisioning = OPS.resolve("compose/grafana/provisioning");
    String folder =
        Rules.read(provisioning.resolve("dashboards/weir.yaml"))
            .path("providers")
            .path(0)
            .path("options")
            .path("path")
            .asText();
    JsonNode sources =
        Rules.read(provisioning.resolve("datasources/weir.yaml")).path("datasources");
    Map<String, JsonNode> byUid =
        Dashboard.elements(sources)
            .collect(Collectors.toMap(source -> source.path("uid").asText(), s -> s));

    assertThat(mounts.get("/etc/grafana/provisioning")).isEqualTo(provisioning);
    assertThat(Dashboard.all())
        .allSatisfy(dashboard ->
            assertThat(mounts.get(folder + "/" + dashboard.file()))
                .isEqualTo(Path.of(dashboard.file()).toAbsolutePath().normalize()));
    assertThat(byUid).containsOnlyKeys("weir-prometheus", "weir-tempo");
    JsonNode prometheus = sources.path(0);
    assertThat(prometheus.path("type").asText()).isEqualTo("prometheus");
    assertThat(prometheus.path("isDefault").asBoolean()).as("what ${datasource} picks").isTrue();
    assertThat(prometheus.at("/jsonData/exemplarTraceIdDestinations/0/datasourceUid").asText())
        .isEqualTo("weir-tempo");
    assertThat(byUid.values())
        .allMatch(source ->
            COMPOSE
                .path("services")
                .has(source.path("url").asText().replaceAll(".*//|:\\d+$", "")));
  }

  @Test
  void gateway_configured_startsAndServesWhatTheStackAsks(@TempDir Path folder) throws Exception {
    String config =
        Files.readString(OPS.resolve("compose/weir.yaml"))
            .replace(
                "http: {host: 0.0.0.0, management-host: 0.0.0.0}",
                "http: {port: 0, management-port: 0, drain: 1s}")
            .replace("grpc: {host: 0.0.0.0}", "grpc: {port: 0}");

    ChartTest.servesProbes(folder, config, List.of("/health/ready", "/health/live", "/metrics"));
  }
}
