package weir.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.access.AccessSettings.Mode;

class DestinationsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.1",
        "[fe80::1]",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "100.100.100.200",
        "168.63.129.16",
        "metadata.google.internal",
        "Metadata.Google.Internal."
      })
  void require_linkLocalOrMetadata_isRefused(String host) {
    assertThatThrownBy(() -> Destinations.require("an endpoint", host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never called");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.0.0.7", "[::1]", "models.internal", "8.8.8.8"})
  void require_ordinaryHosts_pass(String host) {
    Destinations.require("an endpoint", host);
  }

  private static InetAddressResolver answering(String... addresses) {
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) {
        return Stream.of(addresses).map(InetAddress::ofLiteral);
      }

      @Override
      public String lookupByAddress(byte[] address) {
        return "name";
      }
    };
  }

  @Test
  void lookup_nameThatPointsAtMetadata_isUnknown() throws Exception {
    LookupPolicy any = LookupPolicy.of(LookupPolicy.IPV4);

    assertThatThrownBy(() ->
            GuardedLookup.guarding(answering("169.254.169.254", "fe80::1"))
                .lookupByName("rebound.example.com", any))
        .isInstanceOf(UnknownHostException.class);
    assertThat(
            GuardedLookup.guarding(answering("169.254.169.254", "10.0.0.7"))
                .lookupByName("both.example.com", any))
        .containsExactly(InetAddress.ofLiteral("10.0.0.7"));
  }

  @Test
  void lookup_ofThisProcess_isTheGuardedOne() throws Exception {
    assertThat(
            java.util.ServiceLoader.load(java.net.spi.InetAddressResolverProvider.class)
                .findFirst())
        .map(Object::getClass)
        .map(Class::getName)
        .contains(GuardedLookup.class.getName());
    assertThat(InetAddress.getByName("localhost").isLoopbackAddress()).isTrue();
  }

  private static AccessSettings of(Mode mode, String... destinations) {
    return new AccessSettings(
        mode,
        Optional.empty(),
        Optional.empty(),
        LimitSettings.defaults(),
        false,
        List.of(destinations),
        List.of());
  }

  @Test
  void refusal_listedHosts_areTheOnlyOnes() {
    AccessSettings settings = of(Mode.AUTO, "models.example.com", "*.internal");

    assertThat(settings.refusal("MODELS.example.com")).isEmpty();
    assertThat(settings.refusal("a.internal")).isEmpty();
    assertThat(settings.refusal("internal")).isPresent();
    assertThat(settings.refusal("evilinternal")).isPresent();
    assertThat(settings.refusal("models.example.com.evil.com"))
        .hasValueSatisfying(why -> assertThat(why).contains("access.destinations"));
    assertThat(of(Mode.AUTO).refusal("anywhere.example.com")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "", "10.1.2.3", "myhost", "0"})
  void exposed_addressBeyondTheMachine_asksForKeysOrTheWord(String host) {
    assertThat(of(Mode.AUTO).exposed("grpc.host", host))
        .hasValueSatisfying(
            why -> assertThat(why).startsWith("grpc.host").contains("mode: open").contains("keys"));
    assertThat(of(Mode.OPEN).exposed("grpc.host", host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "[::1]", "localhost", "127.8.8.8"})
  void exposed_loopback_isNot(String host) {
    assertThat(of(Mode.AUTO).exposed("http.host", host)).isEmpty();
  }
}
