package weir.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.ConnectionContext;
import java.util.concurrent.locks.ReentrantLock;

/** Notes how long a write takes; one frame is never inside another. */
final class AttendedWriter implements DataWriter {
  private final ConnectionContext context;
  private final AttendedConnection connection;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile long since;

  AttendedWriter(ConnectionContext context, AttendedConnection connection) {
    this.context = context;
    this.connection = connection;
  }

  /** Whether the write under way has taken longer than this. */
  boolean writing(long now, long nanos) {
    long began = since;
    return began != 0 && now - began > nanos;
  }

  /** One frame, as the server writes them. */
  void write(byte[] frame) {
    writeNow(BufferData.create(frame));
  }

  private void timed(Runnable write) {
    turn.lock();
    try {
      since = System.nanoTime();
      write.run();
      connection.wrote();
    } finally {
      since = 0;
      turn.unlock();
    }
  }

  @Override
  public void write(BufferData... buffers) {
    timed(() -> context.dataWriter().write(buffers));
  }

  @Override
  public void write(BufferData buffer) {
    connection.writes(buffer);
    timed(() -> context.dataWriter().write(buffer));
  }

  @Override
  public void writeNow(BufferData... buffers) {
    timed(() -> context.dataWriter().writeNow(buffers));
  }

  @Override
  public void writeNow(BufferData buffer) {
    connection.writes(buffer);
    timed(() -> context.dataWriter().writeNow(buffer));
  }

  @Override
  public void flush() {
    context.dataWriter().flush();
  }
}
