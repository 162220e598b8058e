package weir.config;

/**
 * One thing that is wrong in a configuration.
 *
 * @param path the dotted keys from the root, empty for the whole document
 * @param line counted from 1
 * @param hint what to do about it, or the empty string
 */
public record Problem(String path, int line, String message, String hint) {

  /** One line for people: file and line, path, what is wrong, what to do. */
  public String in(String fileName) {
    String place = fileName + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ");
    return place + message + (hint.isEmpty() ? "" : " — " + hint);
  }

  @Override
  public String toString() {
    return in("weir.yaml");
  }
}
