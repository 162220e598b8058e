package weir;

import java.util.List;

/** The gateway cannot start; carries every problem that was found. */
final class StartRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // written only by this process, never serialised
  private final List<String> problems;

  StartRefusedException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  List<String> problems() {
    return problems;
  }
}
