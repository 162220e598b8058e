package weir.notice;

import java.util.List;

/** Secrets of webhooks cannot be used; carries every problem, and nothing of a secret. */
public final class SecretRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // written only by this process, never serialised
  private final List<String> problems;

  SecretRefusedException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
