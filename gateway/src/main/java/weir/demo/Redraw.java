package weir.demo;

import java.time.Duration;
import java.util.List;

/**
 * Draws the screen over the one before, in the terminal's normal buffer, so that the summary stays.
 *
 * <p>One write per picture, lines overwritten and not cleared first, wrapping off, and the terminal
 * told to show it whole: no flicker, and no mess after the window was made narrower. The picture is
 * cut to the window, because what scrolled away cannot be drawn over.
 */
final class Redraw implements Display {
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final int WINDOW_EVERY = 4;
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String BEGIN = "\u001b[?2026h\u001b[?7l";
  private static final String END = "\u001b[?7h\u001b[?2026l";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final Terminal terminal;
  private final Screen screen;
  private Terminal.Window window = Terminal.Window.USUAL;
  private int pictures;
  private int drawn;

  Redraw(Terminal terminal, Screen screen) {
    this.terminal = terminal;
    this.screen = screen;
  }

  @Override
  public Duration interval() {
    return INTERVAL;
  }

  @Override
  public void open() {
    print(HIDE_CURSOR);
  }

  @Override
  public void show(Snapshot snapshot) {
    if (pictures++ % WINDOW_EVERY == 0) {
      window = terminal.window().get();
    }
    List<String> lines = screen.lines(snapshot, window.columns());
    List<String> fitting = lines.subList(0, Math.clamp(window.rows() - 1, 1, lines.size()));
    StringBuilder picture = new StringBuilder(BEGIN).append(home());
    fitting.forEach(line -> picture.append(line).append(CLEAR_LINE).append('\n'));
    picture.append(CLEAR_BELOW).append(END);
    drawn = fitting.size();
    print(picture.toString());
  }

  @Override
  public void close(List<String> summary) {
    StringBuilder text = new StringBuilder(home()).append(CLEAR_BELOW).append(SHOW_CURSOR);
    summary.forEach(line -> text.append(line).append('\n'));
    print(text.toString());
  }

  private String home() {
    return drawn == 0 ? "\r" : "\r\u001b[" + drawn + "A";
  }

  private void print(String text) {
    terminal.out().print(text);
    terminal.out().flush();
  }
}
