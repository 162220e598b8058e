package weir.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionProvider;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionProvider;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.List;
import java.util.Set;

/**
 * The one selector of a port, so that a connection is attended to before its first byte; chooses
 * HTTP/1.1 or HTTP/2 as the server would.
 */
final class AttendedSelector implements ServerConnectionSelector {
  private static final Http1ConnectionListener REQUESTS =
      new Http1ConnectionListener() {
        @Override
        public void headers(ConnectionContext context, Headers headers) {
          if (context instanceof AttendedConnection connection) {
            connection.headersRead();
          }
        }
      };
  private static final Http1ConnectionListener ANSWERS =
      new Http1ConnectionListener() {
        @Override
        public void status(ConnectionContext context, Status status) {
          if (context instanceof AttendedConnection connection) {
            connection.answered();
          }
        }
      };

  private final Attendance attendance;
  private final ServerConnectionSelector http1;
  private final ServerConnectionSelector http2;

  private AttendedSelector(
      Attendance attendance, ServerConnectionSelector http1, ServerConnectionSelector http2) {
    this.attendance = attendance;
    this.http1 = http1;
    this.http2 = http2;
  }

  static AttendedSelector create(
      String socket, Attendance attendance, Http1Config.Builder http1, Http2Config http2) {
    Http1Config first = http1.addReceiveListener(REQUESTS).addSendListener(ANSWERS).build();
    ProtocolConfigs both = ProtocolConfigs.create(List.of(first, http2));
    return new AttendedSelector(
        attendance,
        new Http1ConnectionProvider().create(socket, first, both),
        new Http2ConnectionProvider().create(socket, http2, both));
  }

  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData request) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return Set.of("h2", "http/1.1");
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new AttendedConnection(context, attendance, this);
  }

  /** Waits for the first bytes unless TLS told the protocol. */
  ServerConnection choose(AttendedConnection connection) {
    if (connection.serverSocket().protocolNegotiated()) {
      return connection.serverSocket().protocol().equals("h2")
          ? second(connection)
          : http1.connection(connection);
    }
    connection.dataReader().ensureAvailable();
    while (true) {
      int available = connection.dataReader().available();
      BufferData seen = connection.dataReader().getBuffer(available);
      if (available >= http2.bytesToIdentifyConnection()) {
        return http2.supports(seen) == Support.SUPPORTED
            ? second(connection)
            : http1.connection(connection);
      }
      if (seen.get(0) != 'P' || (available > 1 && seen.get(1) != 'R')) {
        return http1.connection(connection);
      }
      connection.dataReader().getBuffer(available + 1);
    }
  }

  private ServerConnection second(AttendedConnection connection) {
    connection.multiplexed();
    return http2.connection(connection);
  }
}
