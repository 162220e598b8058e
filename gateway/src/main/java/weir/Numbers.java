package weir;

/** Numbers as they are typed. */
final class Numbers {
  private Numbers() {}

  static double of(String what, String text) {
    double number;
    try {
      number = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("%s must be a number, not '%s'".formatted(what, text), e);
    }
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("%s must be finite, not '%s'".formatted(what, text));
    }
    return number;
  }
}
