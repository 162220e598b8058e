package weir.demo;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where a demo prints, and what that can show.
 *
 * @param interactive whether text can be redrawn in place
 * @param window the size now; asked on the thread that draws
 */
public record Terminal(
    PrintStream out, boolean interactive, boolean color, Supplier<Terminal.Window> window) {
  /** Columns and rows of text. */
  public record Window(int columns, int rows) {
    static final Window USUAL = new Window(80, 24);
  }

  /**
   * The terminal of this process.
   *
   * @param attached whether {@code out} is a terminal
   * @param environment where {@code TERM=dumb} turns redrawing off, and {@code NO_COLOR} colours
   */
  public static Terminal of(PrintStream out, boolean attached, Map<String, String> environment) {
    boolean interactive = attached && !environment.getOrDefault("TERM", "").equals("dumb");
    boolean color = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(out, interactive, color, Terminal::ask);
  }

  /** Java does not know a terminal's size, so {@code stty} is asked; 80 by 24 when it is silent. */
  private static Window ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(500, TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return Window.USUAL;
      }
      try (var lines = stty.inputReader()) {
        return parse(lines.lines().toList());
      }
    } catch (IOException e) {
      return Window.USUAL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Window.USUAL;
    }
  }

  /** Reads {@code rows columns}; a terminal that says 0 does not know. */
  static Window parse(List<String> lines) {
    if (lines.size() == 1 && lines.getFirst().matches("[1-9]\\d{0,3} [1-9]\\d{0,3}")) {
      int space = lines.getFirst().indexOf(' ');
      return new Window(
          Integer.parseInt(lines.getFirst().substring(space + 1)),
          Integer.parseInt(lines.getFirst().substring(0, space)));
    }
    return Window.USUAL;
  }
}
