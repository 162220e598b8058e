package weir.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private static final TrustedProxies PROXIES =
      TrustedProxies.of(List.of("127.0.0.1", "10.0.0.0/12", "fd00::/9"));

  private static String caller(TrustedProxies proxies, String peer, String header) {
    InetSocketAddress from = new InetSocketAddress(InetAddress.ofLiteral(peer), 4711);
    return ((InetSocketAddress) proxies.caller(from, header)).getAddress().getHostAddress();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          203.0.113.9                            | 203.0.113.9
          198.51.100.1, 203.0.113.9              | 203.0.113.9
          1.2.3.4,203.0.113.9 , 10.15.255.255    | 203.0.113.9
          203.0.113.9:5123                       | 203.0.113.9
          10.16.0.1                              | 10.16.0.1
          2001:db8::7                            | 2001:db8:0:0:0:0:0:7
          [2001:db8::7]:443, fd7f::1             | 2001:db8:0:0:0:0:0:7
          [2001:db8::7]                          | 2001:db8:0:0:0:0:0:7
          ::ffff:203.0.113.9                     | 203.0.113.9
          10.0.0.3, 10.0.0.2                     | 10.0.0.3
          """)
  void caller_behindTrustedProxies_isTheRightmostOther(String header, String caller) {
    assertThat(caller(PROXIES, "127.0.0.1", header)).isEqualTo(caller);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "203.0.113.9, unknown",
        "203.0.113.9,",
        "203.0.113.9 198.51.100.1",
        "203.0.113",
        "3405803785",
        "0xcb.0.0x71.9",
        "203.0.113.09",
        "203.0.113.256",
        "203.0.113.9:",
        "203.0.113.9:123456",
        "[203.0.113.9]:80",
        "[2001:db8::7",
        "2001:db8::7%eth0",
        "localhost",
        "\"203.0.113.9\"",
        " ",
        ","
      })
  void caller_headerThatIsNoAddress_isTheProxy(String header) {
    assertThat(caller(PROXIES, "127.0.0.1", header)).isEqualTo("127.0.0.1");
  }

  @Test
  void caller_garbageBehindAProxyOfTheHeader_isThatProxy() {
    assertThat(caller(PROXIES, "127.0.0.1", "203.0.113.9, ::bad::, 10.0.0.2"))
        .isEqualTo("10.0.0.2");
    assertThat(caller(PROXIES, "127.0.0.1", "10.0.0.1,".repeat(5_000) + "10.0.0.1"))
        .isEqualTo("10.0.0.1");
  }

  @Test
  void caller_peerThatIsNoTrustedProxy_isThePeer() {
    assertThat(caller(PROXIES, "203.0.113.1", "198.51.100.1")).isEqualTo("203.0.113.1");
    assertThat(caller(PROXIES, "fd80::1", "198.51.100.1")).isEqualTo("fd80:0:0:0:0:0:0:1");
    assertThat(caller(TrustedProxies.of(List.of()), "127.0.0.1", "198.51.100.1"))
        .isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy.internal",
        "10.0.0.0/33",
        "10.0.0.0/0",
        "10.0.0.1/8",
        "10.0.0.0/",
        "10/8",
        "::1/129",
        "fd00::1/8",
        "",
        "10.0.0.0/08",
        "fe80::1%eth0"
      })
  void of_whatIsNoNetwork_isRefusedByName(String written) {
    assertThatThrownBy(() -> TrustedProxies.of(List.of(written)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("trusted-proxies has '" + written + "'");
  }
}
