package weir.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.Datatype;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Rejected;
import weir.inference.ModelSignature;
import weir.inference.Reason;
import weir.inference.Shape;
import weir.inference.TensorSpec;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.observation.TracingSettings;
import weir.remote.RemoteSettings;
import weir.remote.RemoteVariant;

/** When two versions are treated alike, so that their outcomes can be compared. */
class FootingTest {
  private static final Variant VARIANT = new Variant("price", "4");
  private static final List<TensorSpec> SPECS =
      List.of(new TensorSpec("x", Datatype.FP32, Shape.of(-1, 1)));

  /** A version behind the decorator that all have. */
  private static Backend version(boolean takes, Set<String> leftOut, Set<String> asked) {
    return new CheckingBackend(
        new Backend() {
          @Override
          public InferenceResult infer(InferenceRequest request) {
            return new Rejected(Reason.INTERNAL, "never asked");
          }

          @Override
          public boolean takes() {
            return takes;
          }

          @Override
          public Set<String> leftOut() {
            return leftOut;
          }

          @Override
          public boolean asks(String server) {
            return asked.contains(server);
          }
        });
  }

  private static void assertFooting(boolean equal, Backend one, Backend other) {
    assertThat(Catalog.equal(one, other)).isEqualTo(equal);
    assertThat(Catalog.equal(other, one)).isEqualTo(equal);
  }

  @ParameterizedTest
  @CsvSource({"true, true, true", "true, false, false", "false, false, false"})
  void equal_eitherTakesNothing_isNot(boolean one, boolean other, boolean equal) {
    assertFooting(equal, version(one, Set.of(), Set.of()), version(other, Set.of(), Set.of()));
  }

  @Test
  void equal_oneLeavesOutAServerThatTheOtherAsks_isNot() {
    assertFooting(
        false, version(true, Set.of("a"), Set.of("b")), version(true, Set.of(), Set.of("a", "b")));
  }

  @Test
  void equal_bothLeaveOutTheSameOrOneItsOwn_isSo() {
    Backend one = version(true, Set.of("a", "mine"), Set.of("b"));

    assertFooting(true, one, version(true, Set.of("a"), Set.of("b")));
  }

  @Test
  void remote_aServerAnswersAndAnotherDoesNot_asksOneAndLeavesOutTheOther() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    String there = "127.0.0.1:" + server.getAddress().getPort();
    String gone = "127.0.0.1:1";
    RemoteSettings settings = settings(there, gone);
    try (GatewayMetrics metrics = GatewayMetrics.create("test", InstantSource.system());
        RemoteVariant remote =
            RemoteVariant.open(
                VARIANT,
                settings,
                Optional.of(new ModelSignature("test", SPECS, SPECS)),
                metrics.remote(VARIANT),
                Tracing.create(TracingSettings.defaults(), "test", metrics))) {
      RemoteCore core = new RemoteCore(settings, remote);

      assertThat(core.takes()).isTrue();
      assertThat(core.leftOut()).containsExactly(gone);
      assertThat(core.asks(there)).isTrue();
      assertThat(core.asks(gone)).isFalse();
      assertThat(core.asks("elsewhere:80")).isFalse();
    } finally {
      server.stop(0);
    }
  }

  private static RemoteSettings settings(String... servers) {
    RemoteSettings plain = RemoteSettings.defaults();
    return new RemoteSettings(
        plain.protocol(),
        List.of(servers).stream().map(server -> URI.create("http://" + server)).toList(),
        plain.model(),
        plain.version(),
        plain.binary(),
        plain.headers(),
        plain.idempotent(),
        plain.json(),
        plain.inputs(),
        plain.outputs(),
        plain.connections(),
        plain.health(),
        plain.resilience());
  }
}
