package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.access.AccessSettings;
import weir.access.LimitSettings;
import weir.access.TokenSettings;
import weir.backend.CacheSettings;
import weir.backend.RepositorySettings;
import weir.config.ConfigWriter;
import weir.config.JsonSchema;
import weir.grpc.GrpcSettings;
import weir.http.HttpSettings;
import weir.serving.ServingSettings;

/**
 * The settings of the whole file: defaults, every key, every refusal.
 *
 * <p>Over 300 lines because it holds one document of all keys and what it becomes.
 */
class SettingsTest {
  private static final Path FILE = Path.of("/etc/weir/weir.yaml");

  private static WeirSettings parse(String yaml) throws StartRefusedException {
    return Settings.parse(yaml, FILE, Map.of());
  }

  @Test
  void parse_emptyFile_hasEveryDefault() throws Exception {
    assertThat(parse("{}")).isEqualTo(WeirSettings.defaults().resolvedFrom(Path.of("/etc/weir")));
  }

  @Test
  void parse_relativePaths_startAtTheFilesFolder() throws Exception {
    WeirSettings settings = parse("{repository: {path: ../models}, state: s}");

    assertThat(settings.repository().path()).isEqualTo(Path.of("/etc/models"));
    assertThat(settings.state()).isEqualTo(Path.of("/etc/weir/s"));
  }

  @Test
  void parse_manyFaults_areAllToldAtOnceWithPathAndLine() {
    StartRefusedException refused =
        catchThrowableOfType(
            StartRefusedException.class,
            () ->
                parse(
                    """
                    http: {port: 70000}
                    repositori: {}
                    models:
                      m:
                        serving: {deadline: soon}
                        cache: {max-size: 1}
                    """));

    assertThat(refused.problems())
        .hasSize(4)
        .anySatisfy(p -> assertThat(p).contains("weir.yaml:1").contains("port").contains("70000"))
        .anySatisfy(p -> assertThat(p).contains("weir.yaml:2").contains("repository"))
        .anySatisfy(p -> assertThat(p).contains("models.m.serving.deadline").contains("soon"))
        .anySatisfy(p -> assertThat(p).contains("models.m.cache").contains("1KiB"));
  }

  @Test
  void demo_configuration_isValidAndReadsBackAsWritten() throws Exception {
    Path file = Path.of("../ops/demo.yaml").toAbsolutePath().normalize();
    WeirSettings settings = Settings.read(file, Map.of());

    assertThat(settings.models()).containsOnlyKeys("diamond-price");
    assertThat(Settings.parse(ConfigWriter.write(settings), file, Map.of())).isEqualTo(settings);
  }

  @Test
  void schema_everyKey_isDescribed() {
    assertThat(JsonSchema.undescribed(WeirSettings.class)).isEmpty();
    assertThat(JsonSchema.strayDescriptions(WeirSettings.class)).isEmpty();
  }

  @Test
  void doors_beyondLoopbackWithoutKeys_areRefusedUntilSaidOtherwise() throws Exception {
    StartRefusedException refused =
        catchThrowableOfType(
            StartRefusedException.class,
            () -> parse("{http: {host: 0.0.0.0}, grpc: {host: '::'}}"));

    assertThat(refused)
        .hasMessageContaining("http.host")
        .hasMessageContaining("grpc.host")
        .hasMessageContaining("access: {mode: open}");
    assertThat(parse("{http: {host: 0.0.0.0}, access: {mode: open}}").access().required())
        .isFalse();
    assertThat(parse("{http: {host: 0.0.0.0}, access: {keys: k}}").access().keys())
        .contains(Path.of("/etc/weir/k"));
    assertThatThrownBy(() -> parse("{access: {mode: open, keys: k}}"))
        .hasMessageContaining("mode open");
  }

  @Test
  void hosts_thatMayNotBeCalled_areRefusedWithTheirPlace() {
    for (String[] each :
        new String[][] {
          {"models: {m: {variants: {r: {endpoints: ['http://169.254.169.254']}}}}", "never called"},
          {"notices: {webhooks: {w: {url: 'http://[fe80::1]/x'}}}", "never called"},
          {
            "{access: {destinations: [a.internal]},"
                + " models: {m: {variants: {r: {endpoints: ['http://b.internal']}}}}}",
            "models.m.variants.r"
          },
          {
            "{access: {destinations: [a.internal]},"
                + " notices: {webhooks: {w: {url: 'http://b.internal'}}}}",
            "notices.webhooks.w"
          }
        }) {
      assertThatThrownBy(() -> parse(each[0])).as(each[0]).hasMessageContaining(each[1]);
    }
  }

  @Test
  void accessSettings_everyKey_isRead() throws Exception {
    AccessSettings access =
        parse(
                """
                access:
                  keys: a.keys
                  tokens:
                    issuer: https://id.example.com
                    audience: weir
                    jwks: https://id.example.com/keys
                    algorithms: [ES256]
                    roles-claim: realm.roles
                    name-claim: email
                    clock-skew: 10s
                  limits:
                    standard: {per-second: 10, burst: 20}
                    callers: {ci: {per-second: 0.5, burst: 1}}
                    failures: {per-second: 2, burst: 3}
                  open-metrics: true
                  destinations: ['*.internal']
                http: {cors: {origins: ['https://a.example.com'], max-age: 1m}}
                """)
            .access();

    assertThat(access.required()).isTrue();
    assertThat(access.tokens().orElseThrow().algorithms())
        .containsExactly(TokenSettings.Algorithm.ES256);
    assertThat(access.limits().callers()).isEqualTo(Map.of("ci", new LimitSettings.Rate(0.5, 1)));
    assertThat(access.limits().failures()).isEqualTo(new LimitSettings.Rate(2, 3));
    for (String wrong :
        List.of(
            "access: {limits: {standard: {per-second: 0, burst: 1}}}",
            "access: {limits: {standard: {per-second: 1, burst: 0}}}",
            "access: {tokens: {issuer: i, audience: a, jwks: 'http://id.example.com'}}",
            "access: {tokens: {issuer: '', audience: a, jwks: 'https://id.example.com'}}",
            "http: {cors: {origins: ['*']}}",
            "http: {cors: {origins: ['https://a.example.com/']}}")) {
      assertThatThrownBy(() -> parse(wrong)).as(wrong).isInstanceOf(StartRefusedException.class);
    }
  }

  @Test
  void grpcSettings_boundsAndDefaults() throws Exception {
    assertThat(GrpcSettings.defaults())
        .isEqualTo(
            new GrpcSettings(
                true,
                "127.0.0.1",
                8001,
                16 << 20,
                10_000,
                5_000,
                1024,
                100,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofSeconds(20)));
    String every =
        "{grpc: {enabled: false, host: '::1', port: 7, max-message: 1KiB, max-connections: 8,"
            + " max-connections-per-address: 9, max-requests: 1, max-streams: 2,"
            + " first-byte-timeout: 100ms, body-timeout: 200ms, read-timeout: 300ms,"
            + " write-timeout: 400ms, idle-timeout: 3s, drain: 4s}}";
    assertThat(parse(every).grpc())
        .isEqualTo(
            new GrpcSettings(
                false,
                "::1",
                7,
                1024,
                8,
                9,
                1,
                2,
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                Duration.ofMillis(300),
                Duration.ofMillis(400),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4)));
    for (String bad :
        List.of(
            "port: -1",
            "port: 65536",
            "max-message: 1023B",
            "max-message: 2GiB",
            "max-connections: 0",
            "max-connections-per-address: 0",
            "max-requests: 0",
            "max-streams: 0",
            "first-byte-timeout: 99ms",
            "body-timeout: 99ms",
            "read-timeout: 99ms",
            "write-timeout: 99ms",
            "idle-timeout: 999ms",
            "drain: -1s")) {
      assertThatThrownBy(() -> parse("grpc: {" + bad + "}"))
          .describedAs(bad)
          .isInstanceOf(StartRefusedException.class);
    }
  }

  @Test
  void httpSettings_boundsAndDefaults() {
    HttpSettings defaults = HttpSettings.defaults();
    assertThat(defaults.host()).isEqualTo("127.0.0.1");
    assertThat(defaults.port()).isEqualTo(8000);
    assertThat(defaults.managementHost()).isEqualTo("127.0.0.1");
    assertThat(defaults.managementPort()).isEqualTo(8002);
    assertThat(defaults.maxBodyBytes()).isEqualTo(16 << 20);
    assertThat(defaults.maxConnections()).isEqualTo(10_000);
    assertThat(defaults.maxConnectionsPerAddress()).isEqualTo(5_000);
    assertThat(defaults.maxRequests()).isEqualTo(1_024);
    assertThat(defaults.firstByteTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(defaults.headerTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(defaults.bodyTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(defaults.readTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(defaults.writeTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(defaults.lameDuck()).isEqualTo(Duration.ofSeconds(1));
    assertThat(defaults.idleTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(defaults.drain()).isEqualTo(Duration.ofSeconds(20));
    for (String bad :
        new String[] {
          "port: -1",
          "port: 65536",
          "management-port: 65536",
          "port: 8002",
          "max-body: 1023",
          "max-body: 2GiB",
          "max-connections: 0",
          "max-connections-per-address: 0",
          "first-byte-timeout: 99ms",
          "header-timeout: 99ms",
          "body-timeout: 99ms",
          "read-timeout: 99ms",
          "write-timeout: 99ms",
          "max-requests: 0",
          "idle-timeout: 999ms",
        }) {
      assertThatThrownBy(() -> parse("http: {" + bad + "}"))
          .describedAs(bad)
          .isInstanceOf(StartRefusedException.class);
    }
  }

  @Test
  void repositorySettings_boundsAndDefaults() {
    assertThat(RepositorySettings.defaults())
        .isEqualTo(
            new RepositorySettings(
                Path.of("models/repository"), Duration.ofSeconds(2), 1L << 30, 0, 256, 50));
    for (String bad :
        new String[] {
          "poll: 99ms",
          "max-model: 0",
          "max-model: 2GiB",
          "permits: -1",
          "permits: 1025",
          "max-queued: -1",
          "max-queued: 1000001",
          "warm-up-runs: -1",
          "warm-up-runs: 10001",
        }) {
      assertThatThrownBy(() -> parse("repository: {" + bad + "}"))
          .describedAs(bad)
          .isInstanceOf(StartRefusedException.class);
    }
  }

  @Test
  void modelSettings_boundsAndDefaults() {
    assertThat(ServingSettings.defaults().deadline()).isEqualTo(Duration.ofSeconds(10));
    assertThat(ServingSettings.defaults().score()).isEmpty();
    assertThat(CacheSettings.defaults())
        .isEqualTo(new CacheSettings(64L << 20, Duration.ofMinutes(1)));
    for (String bad :
        new String[] {
          "serving: {deadline: 0s}",
          "serving: {deadline: 61m}",
          "cache: {max-size: 1023}",
          "cache: {ttl: 0s}",
          "routing: {policy: {split: {}}}",
          "routing: {policy: {split: {\"1\": -1}}}",
        }) {
      assertThatThrownBy(() -> parse("models: {m: {" + bad + "}}"))
          .describedAs(bad)
          .isInstanceOf(StartRefusedException.class);
    }
  }
}
