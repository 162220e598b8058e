package weir.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RedrawTest {
  private static final String BEGIN = "\u001b[?2026h\u001b[?7l";
  private static final String END = "\u001b[J\u001b[?7h\u001b[?2026l";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void show_secondPicture_drawnOverTheFirst() {
    Redraw redraw = redraw(new Terminal.Window(80, 50));
    redraw.open();
    redraw.show(Fixtures.snapshot());
    bytes.reset();

    redraw.show(Fixtures.snapshot());

    List<String> lines = new Screen(Fixtures.plan(), false).lines(Fixtures.snapshot(), 80);
    assertThat(printed())
        .isEqualTo(
            BEGIN
                + "\r\u001b[%dA".formatted(lines.size())
                + String.join("\u001b[K\n", lines)
                + "\u001b[K\n"
                + END);
  }

  @Test
  void show_lowWindow_pictureCutSoThatItDoesNotScroll() {
    redraw(new Terminal.Window(80, 6)).show(Fixtures.snapshot());

    assertThat(printed().chars().filter(c -> c == '\n')).hasSize(5);
  }

  @Test
  void close_afterAPicture_summaryInItsPlaceAndCursorBack() {
    Redraw redraw = redraw(new Terminal.Window(80, 6));
    redraw.open();
    redraw.show(Fixtures.snapshot());
    bytes.reset();

    redraw.close(List.of("the end"));

    assertThat(printed()).isEqualTo("\r\u001b[5A\u001b[J\u001b[?25hthe end\n");
  }

  private Redraw redraw(Terminal.Window window) {
    PrintStream out = new PrintStream(bytes, false, UTF_8);
    return new Redraw(
        new Terminal(out, true, false, () -> window), new Screen(Fixtures.plan(), false));
  }

  private String printed() {
    return bytes.toString(UTF_8);
  }
}
