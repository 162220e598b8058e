package weir.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.LazyString;
import java.nio.charset.Charset;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection's bytes, of which none that was read is kept reachable.
 *
 * <p>The server's own reader links each piece that came to the next. On a connection that lasts,
 * one of them gets old; from then on a collection of the young generation keeps all that came after
 * it, since something old, though dead, points there: every request's bytes would be copied twice
 * and stay until the next full collection ({@code gateway/decisions/lasting-connections.md}). Here
 * a reader that has nothing left is replaced by a new one, which nothing old points to.
 */
@SuppressWarnings("removal") // the constructor: its replacement cannot be extended
final class ForgetfulReader extends DataReader {
  private final Supplier<byte @Nullable []> source;
  private DataReader inner;

  private ForgetfulReader(Supplier<byte @Nullable []> source) {
    super(source);
    this.source = source;
    this.inner = DataReader.create(source);
  }

  /** A reader of what {@code source} gives, null at the end. */
  static DataReader of(Supplier<byte @Nullable []> source) {
    return new ForgetfulReader(source);
  }

  private DataReader inner() {
    if (inner.available() == 0) {
      inner = DataReader.create(source);
    }
    return inner;
  }

  @Override
  public int available() {
    return inner.available();
  }

  @Override
  public void pullData() {
    inner().pullData();
  }

  @Override
  public void skip(int lenToSkip) {
    inner().skip(lenToSkip);
  }

  @Override
  public void ensureAvailable() {
    inner().ensureAvailable();
  }

  @Override
  public byte read() {
    return inner().read();
  }

  @Override
  public byte lookup() {
    return inner().lookup();
  }

  @Override
  public boolean startsWithNewLine() {
    return inner().startsWithNewLine();
  }

  @Override
  public boolean startsWith(byte[] prefix) {
    return inner().startsWith(prefix);
  }

  @Override
  public BufferData readBuffer() {
    return inner().readBuffer();
  }

  @Override
  public BufferData readBuffer(int length) {
    return inner().readBuffer(length);
  }

  @Override
  public BufferData getBuffer(int length) {
    return inner().getBuffer(length);
  }

  @Override
  public LazyString readLazyString(Charset charset, int len) {
    return inner().readLazyString(charset, len);
  }

  @Override
  public String readAsciiString(int len) {
    return inner().readAsciiString(len);
  }

  @Override
  public byte[] readBytes(int len) {
    return inner().readBytes(len);
  }

  @Override
  public String readLine() {
    return inner().readLine();
  }

  @Override
  public int findOrNewLine(byte b, int max) {
    return inner().findOrNewLine(b, max);
  }

  @Override
  public String debugDataHex() {
    return inner.debugDataHex();
  }

  @Override
  public int findNewLine(int max) {
    return inner().findNewLine(max);
  }
}
