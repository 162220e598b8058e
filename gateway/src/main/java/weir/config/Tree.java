package weir.config;

import java.util.List;
import java.util.SequencedMap;

/** One YAML document as values with their lines, before any type is asked for. */
sealed interface Tree {

  int line();

  /** What it is, for the end of "must be ..., got ...". */
  String shown();

  /**
   * A single value.
   *
   * @param text the value with variables replaced
   * @param written the value as in the file, so that no secret of the environment is repeated
   * @param plain whether it may be a number, a truth value or null; a quoted text is only a text
   */
  record Scalar(String text, String written, boolean plain, int line) implements Tree {
    boolean isNull() {
      return plain
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }

    @Override
    public String shown() {
      return isNull() ? "no value" : KeyPath.quote(written);
    }
  }

  /** A list. */
  record Items(List<Tree> values, int line) implements Tree {
    @Override
    public String shown() {
      return "a list";
    }
  }

  /**
   * A map.
   *
   * @param whole false when an entry could not be read at all, so that more may be meant
   */
  record Entries(SequencedMap<String, Entry> values, boolean whole, int line) implements Tree {
    @Override
    public String shown() {
      return "a map of keys";
    }
  }

  /** A value and where its key stands. */
  record Entry(int keyLine, Tree value) {}

  /** A value that was refused already, so that nothing more is said of it. */
  record Broken(int line) implements Tree {
    @Override
    public String shown() {
      return "a value that was refused";
    }
  }
}
