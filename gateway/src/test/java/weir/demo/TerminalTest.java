package weir.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalTest {
  @Test
  void of_attachedTerminal_redrawsInColor() {
    Terminal terminal = Terminal.of(System.out, true, Map.of("TERM", "xterm"));

    assertThat(terminal.interactive()).isTrue();
    assertThat(terminal.color()).isTrue();
  }

  @Test
  void of_noColorAsked_redrawsWithoutColor() {
    Terminal terminal = Terminal.of(System.out, true, Map.of("NO_COLOR", "1"));

    assertThat(terminal.interactive()).isTrue();
    assertThat(terminal.color()).isFalse();
  }

  @Test
  void of_dumbOrDetached_plain() {
    assertThat(Terminal.of(System.out, true, Map.of("TERM", "dumb")).interactive()).isFalse();
    assertThat(Terminal.of(System.out, false, Map.of("TERM", "xterm")).interactive()).isFalse();
    assertThat(Terminal.of(System.out, false, Map.of()).color()).isFalse();
  }

  @Test
  void parse_rowsAndColumns_elseTheUsualWindow() {
    assertThat(Terminal.parse(List.of("50 132"))).isEqualTo(new Terminal.Window(132, 50));
    assertThat(Terminal.parse(List.of("0 0"))).isEqualTo(new Terminal.Window(80, 24));
    assertThat(Terminal.parse(List.of())).isEqualTo(new Terminal.Window(80, 24));
  }
}
