package weir.models;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** One row of the data: a stone as a client describes it, and the price it had in US dollars. */
record Diamond(
    float carat,
    String cut,
    String color,
    String clarity,
    float depth,
    float table,
    double price,
    float x,
    float y,
    float z) {

  private static final String HEADER = "carat,cut,color,clarity,depth,table,price,x,y,z";

  static List<Diamond> heldOut() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Path.of("data/replay.csv.gz"))),
                StandardCharsets.UTF_8))) {
      String header = reader.readLine();
      if (!HEADER.equals(header)) {
        throw new IllegalArgumentException("replay.csv.gz starts with " + header);
      }
      return reader.lines().map(Diamond::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Diamond parse(String line) {
    String[] cells = line.split(",", -1);
    return new Diamond(
        Float.parseFloat(cells[0]),
        cells[1],
        cells[2],
        cells[3],
        Float.parseFloat(cells[4]),
        Float.parseFloat(cells[5]),
        Double.parseDouble(cells[6]),
        Float.parseFloat(cells[7]),
        Float.parseFloat(cells[8]),
        Float.parseFloat(cells[9]));
  }

  Diamond withGrades(String grade) {
    return new Diamond(carat, grade, grade, grade, depth, table, price, x, y, z);
  }

  boolean hasZeroDimension() {
    return x == 0 || y == 0 || z == 0;
  }
}
