package weir;

import java.util.Arrays;
import java.util.List;

/**
 * Runs several commands in one process, so that one cache of loaded classes holds what all of them need.
 *
 * <p>Only {@code ops/package} starts it. Arguments: commands, divided by the word {@code then}.
 */
final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] arguments) {
    List<String> words = Arrays.asList(arguments);
    int from = 0;
    while (from <= words.size()) {
      int at = words.subList(from, words.size()).indexOf("then");
      int to = at < 0 ? words.size() : from + at;
      String[] command = words.subList(from, to).toArray(String[]::new);
      int code = Weir.commandLine(command).execute(command);
      System.err.println(String.join(" ", command) + ": " + code);
      from = to + 1;
    }
    System.exit(0);
  }
}
