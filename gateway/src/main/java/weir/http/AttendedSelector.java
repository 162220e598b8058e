package weir.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
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
import weir.observation.DoorMeters;

/**
 * The one selector of a port, so that a connection is attended to before its first byte; chooses
 * HTTP/1.1 or HTTP/2 as the server would.
 */
final class AttendedSelector implements ServerConnectionSelector {
  private static final Http1ConnectionListener REQUESTS =
      new Http1ConnectionListener() {
        @Override
        public void headers(ConnectionContext context, Headers headers) {
          if (context instanceof AttendedContext attended) {
            attended.connection().headersRead();
          }
        }
      };
  private static final Http1ConnectionListener ANSWERS =
      new Http1ConnectionListener() {
        @Override
        public void status(ConnectionContext context, Status status) {
          if (context instanceof AttendedContext attended) {
            attended.connection().answered();
          }
        }
      };

  private final Attendance attendance;
  private final DoorMeters meters;
  private final ServerConnectionSelector http1;
  private final ServerConnectionSelector http2;

  private AttendedSelector(
      Attendance attendance,
      DoorMeters meters,
      ServerConnectionSelector http1,
      ServerConnectionSelector http2) {
    this.attendance = attendance;
    this.meters = meters;
    this.http1 = http1;
    this.http2 = http2;
  }

  static AttendedSelector create(
      String socket,
      Attendance attendance,
      DoorMeters meters,
      Http1Config.Builder http1,
      Http2Config http2) {
    Http1Config first = http1.addReceiveListener(REQUESTS).addSendListener(ANSWERS).build();
    ProtocolConfigs both = ProtocolConfigs.create(List.of(first, http2));
    return new AttendedSelector(
        attendance,
        meters,
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

  DoorMeters meters() {
    return meters;
  }

  /** Waits for the first bytes unless TLS told the protocol. */
  ServerConnection choose(AttendedConnection connection) {
    ConnectionContext seen = connection.seen();
    if (seen.serverSocket().protocolNegotiated()) {
      return seen.serverSocket().protocol().equals("h2")
          ? second(connection, seen)
          : http1.connection(seen);
    }
    DataReader reader = seen.dataReader();
    reader.ensureAvailable();
    while (true) {
      int available = reader.available();
      BufferData first = reader.getBuffer(available);
      if (available >= http2.bytesToIdentifyConnection()) {
        return http2.supports(first) == Support.SUPPORTED
            ? second(connection, seen)
            : http1.connection(seen);
      }
      if (first.get(0) != 'P' || (available > 1 && first.get(1) != 'R')) {
        return http1.connection(seen);
      }
      reader.getBuffer(available + 1);
    }
  }

  private ServerConnection second(AttendedConnection connection, ConnectionContext seen) {
    byte[] come = new byte[seen.dataReader().available()];
    seen.dataReader().getBuffer(come.length).read(come);
    connection.multiplexed(come);
    return http2.connection(seen);
  }
}
