package weir.config;

import java.util.List;

/** What became of a configuration: the settings, or everything that is wrong with them. */
public sealed interface Parsed<T> {

  /** A whole and valid configuration. */
  record Good<T>(T settings) implements Parsed<T> {}

  /** A refused configuration; the problems are in the order of their lines, at least one. */
  record Bad<T>(List<Problem> problems) implements Parsed<T> {
    public Bad {
      problems = List.copyOf(problems);
    }
  }
}
