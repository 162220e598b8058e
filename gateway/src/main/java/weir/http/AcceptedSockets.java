package weir.http;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each accepted channel until its connection asks for it: closing the server's own socket
 * would wait for the TLS handshake or the write that is to be ended.
 */
final class AcceptedSockets implements SocketOptions {
  private final SocketOptions options = SocketOptions.builder().tcpNoDelay(true).build();
  private final Map<SocketAddress, SocketChannel> accepted = new ConcurrentHashMap<>();

  @Override
  public void configureSocket(SocketChannel channel) {
    options.configureSocket(channel);
    try {
      accepted.put(channel.getRemoteAddress(), channel);
    } catch (IOException left) {
      // The client is gone already; the server finds out by itself.
      return;
    }
  }

  @Nullable SocketChannel take(SocketAddress peer) {
    return accepted.remove(peer);
  }

  /** Forgets those that ended before they were asked for. */
  void forgetClosed() {
    accepted.values().removeIf(channel -> !channel.isOpen());
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return options.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return options.connectTimeout();
  }

  @Override
  public Duration readTimeout() {
    return options.readTimeout();
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return options.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return options.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return options.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return options.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return options.tcpNoDelay();
  }
}
