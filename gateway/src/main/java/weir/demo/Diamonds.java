package weir.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads diamonds from a gzipped CSV file with a fixed header, in the file's order. */
final class Diamonds {
  static final String HEADER = "carat,cut,color,clarity,depth,table,price,x,y,z";
  private static final int ROWS_MAX = 1_000_000;

  private Diamonds() {}

  static List<Diamond> read(Path file) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
      if (!HEADER.equals(lines.readLine())) {
        throw new IOException("%s must begin with the header %s".formatted(file, HEADER));
      }
      List<Diamond> rows = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (rows.size() == ROWS_MAX) {
          throw new IOException("%s has more than %d rows".formatted(file, ROWS_MAX));
        }
        rows.add(parse(line, file, rows.size() + 2));
      }
      if (rows.isEmpty()) {
        throw new IOException("%s has no rows".formatted(file));
      }
      return List.copyOf(rows);
    }
  }

  private static Diamond parse(String line, Path file, int number) throws IOException {
    String[] cells = line.split(",", -1);
    try {
      if (cells.length == 10) {
        return new Diamond(
            Double.parseDouble(cells[0]),
            cells[1],
            cells[2],
            cells[3],
            Double.parseDouble(cells[4]),
            Double.parseDouble(cells[5]),
            Double.parseDouble(cells[6]),
            Double.parseDouble(cells[7]),
            Double.parseDouble(cells[8]),
            Double.parseDouble(cells[9]));
      }
    } catch (NumberFormatException e) {
      throw new IOException("%s, line %d: %s".formatted(file, number, e.getMessage()), e);
    }
    throw new IOException(
        "%s, line %d: 10 cells are needed, %d are there".formatted(file, number, cells.length));
  }
}
