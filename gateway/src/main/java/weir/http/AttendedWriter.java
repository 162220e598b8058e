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

  /** When the write under way began; 0 when there is none. */
  long since() {
    return since;
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
    tellOfSwitch(buffer);
    timed(() -> context.dataWriter().write(buffer));
  }

  @Override
  public void writeNow(BufferData... buffers) {
    timed(() -> context.dataWriter().writeNow(buffers));
  }

  @Override
  public void writeNow(BufferData buffer) {
    tellOfSwitch(buffer);
    timed(() -> context.dataWriter().writeNow(buffer));
  }

  /** Whether this is {@code HTTP/1.1 101 Switching Protocols}. */
  private void tellOfSwitch(BufferData buffer) {
    if (buffer.available() > 12 && buffer.get(9) == '1' && buffer.get(11) == '1') {
      connection.switched();
    }
  }

  @Override
  public void flush() {
    context.dataWriter().flush();
  }
}
