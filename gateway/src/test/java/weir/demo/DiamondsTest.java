package weir.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiamondsTest {
  @Test
  void read_heldOutFile_everyRowInItsOrder() throws IOException {
    List<Diamond> rows = Diamonds.read(Fixtures.REPLAY);

    assertThat(rows).hasSize(10_788).startsWith(Fixtures.STONE);
    assertThat(rows).filteredOn(row -> row.x() == 0 || row.y() == 0 || row.z() == 0).hasSize(6);
  }

  @Test
  void read_otherHeader_refused(@TempDir Path folder) throws IOException {
    Path file = write(folder, "price,carat\n1,2\n");

    assertThatThrownBy(() -> Diamonds.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " must begin with the header carat,cut");
  }

  @Test
  void read_brokenRow_refusedWithItsLine(@TempDir Path folder) throws IOException {
    String good = "0.64,Ideal,F,VS2,62.5,56,2074,5.55,5.53,3.46\n";
    Path wordy = write(folder, Diamonds.HEADER + "\n" + good + good.replace("62.5", "deep"));

    assertThatThrownBy(() -> Diamonds.read(wordy))
        .hasMessageContaining("line 3")
        .hasMessageContaining("deep");

    Path brief = write(folder, Diamonds.HEADER + "\n0.64,Ideal\n");

    assertThatThrownBy(() -> Diamonds.read(brief))
        .hasMessageContaining("line 2: 10 cells are needed, 2 are there");
  }

  @Test
  void read_noRows_refused(@TempDir Path folder) throws IOException {
    Path file = write(folder, Diamonds.HEADER + "\n");

    assertThatThrownBy(() -> Diamonds.read(file)).hasMessageContaining("has no rows");
  }

  private static Path write(Path folder, String text) throws IOException {
    Path file = folder.resolve("rows.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(UTF_8));
    }
    return file;
  }
}
