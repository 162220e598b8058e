package weir.drift;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * The rows of a CSV file (RFC 4180, UTF-8, {@code .gz} too), one at a time and each bounded.
 *
 * <p>A row longer than a mebibyte is cut there, so that it has too few cells.
 */
final class CsvRows implements AutoCloseable {
  private static final int ROW_CHARS_MAX = 1 << 20;
  private static final int BYTE_ORDER_MARK = 0xfeff;

  private final BufferedReader reader;
  private final Counted counted;
  private final List<String> cells = new ArrayList<>();
  private final StringBuilder cell = new StringBuilder();
  private long line = 1;
  private long rowLine;

  private CsvRows(BufferedReader reader, Counted counted) {
    this.reader = reader;
    this.counted = counted;
  }

  static CsvRows open(Path file) throws IOException {
    Counted counted = new Counted(Files.newInputStream(file));
    boolean zipped = file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    InputStream bytes = zipped ? new GZIPInputStream(counted, 1 << 16) : counted;
    return new CsvRows(
        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8), 1 << 16), counted);
  }

  /** Bytes of the file read so far. */
  long bytes() {
    return counted.bytes;
  }

  /** The line on which the last row began, from 1. */
  long line() {
    return rowLine;
  }

  /** The next row's cells, valid until the next call; empty at the end of the file. */
  List<String> next() throws IOException {
    cells.clear();
    cell.setLength(0);
    rowLine = line;
    boolean quoted = false;
    boolean any = false;
    int length = 0;
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      any = true;
      line += c == '\n' ? 1 : 0;
      if (quoted) {
        if (c != '"') {
          length = take(c, length);
        } else if (peek() == '"') {
          length = take(reader.read(), length);
        } else {
          quoted = false;
        }
      } else if (c == BYTE_ORDER_MARK && rowLine == 1 && cells.isEmpty() && cell.isEmpty()) {
        continue;
      } else if (c == '"' && cell.isEmpty()) {
        quoted = true;
      } else if (c == ',') {
        end();
      } else if (c == '\n') {
        end();
        return cells;
      } else if (c != '\r' || peek() != '\n') {
        length = take(c, length);
      }
    }
    if (any) {
      end();
    }
    return cells;
  }

  private int take(int c, int length) {
    if (length < ROW_CHARS_MAX) {
      cell.append((char) c);
    }
    return length + 1;
  }

  private void end() {
    if (cells.size() <= ROW_CHARS_MAX) {
      cells.add(cell.toString());
    }
    cell.setLength(0);
  }

  private int peek() throws IOException {
    reader.mark(1);
    int c = reader.read();
    reader.reset();
    return c;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Counts what is read from a file. */
  private static final class Counted extends FilterInputStream {
    private long bytes;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int c = super.read();
      bytes += c >= 0 ? 1 : 0;
      return c;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = super.read(into, from, length);
      bytes += Math.max(0, read);
      return read;
    }
  }
}
