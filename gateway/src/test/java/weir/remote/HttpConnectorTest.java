package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.remote.RemoteFailure.Kind;

/** How a name becomes a connection. */
@Timeout(30)
class HttpConnectorTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Set<TimedSocket> open = ConcurrentHashMap.newKeySet();

  private static HttpConnector to(int port, HttpConnector.Lookup lookup) {
    return new HttpConnector(
        URI.create("http://models.test:" + port),
        TIMEOUT,
        new HttpConnector.Way(() -> (SSLSocketFactory) SSLSocketFactory.getDefault(), lookup));
  }

  private RemoteFailure failure(HttpConnector connector, Duration time) {
    return catchThrowableOfType(
        RemoteFailure.class, () -> connector.connect(open, System.nanoTime() + time.toNanos()));
  }

  @Test
  void connect_firstAddressSwallowsPackets_reachesTheSecond() throws Exception {
    InetAddress first = InetAddress.ofLiteral("127.0.0.1");
    InetAddress second = InetAddress.ofLiteral("127.0.0.2");
    try (ServerSocket full = new ServerSocket(0, 1, first);
        Socket one = new Socket(first, full.getLocalPort());
        Socket two = new Socket(first, full.getLocalPort());
        ServerSocket sound = new ServerSocket(full.getLocalPort(), 9, second)) {
      HttpConnector connector = to(full.getLocalPort(), _ -> new InetAddress[] {first, second});
      try (TimedSocket socket = connector.connect(open, System.nanoTime() + (20L << 30))) {
        assertThat(open).containsExactly(socket);
        sound.accept().close();
      }
      assertThat(one.isConnected() && two.isConnected()).isTrue();
    }
  }

  @Test
  void connect_lookupHangs_endsInTimeAndIsNotRepeated() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger lookups = new AtomicInteger();
    HttpConnector connector =
        to(
            1,
            _ -> {
              lookups.incrementAndGet();
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return new InetAddress[0];
            });
    assertThat(failure(connector, Duration.ofMillis(200)).kind()).isEqualTo(Kind.TIMEOUT);
    RemoteFailure failure = failure(connector, Duration.ofSeconds(20));
    assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(failure.message()).contains("looking up its name");
    assertThat(lookups).hasValue(1);
    never.countDown();
  }

  @Test
  void connect_nameChangesItsAddress_isLookedUpEachTime() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    HttpConnector connector =
        to(
            1,
            host -> {
              lookups.incrementAndGet();
              throw new UnknownHostException(host);
            });
    for (int i = 0; i < 2; i++) {
      RemoteFailure failure = failure(connector, Duration.ofSeconds(20));
      assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(failure.message()).contains("nobody knows");
    }
    assertThat(lookups).hasValue(2);
    assertThat(open).isEmpty();
  }
}
