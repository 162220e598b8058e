package weir.demo;

import java.util.ArrayList;
import java.util.List;

/** One line of the screen in painted pieces; its width counts characters, not escape codes. */
final class Line {
  private final List<Piece> pieces = new ArrayList<>();

  /** How a piece looks; a block's letters take the colour of their ground and so vanish in it. */
  enum Paint {
    PLAIN(""),
    BOLD("1"),
    FAINT("2"),
    GOOD("32"),
    BAD("1;31"),
    BLOCK("36;46"),
    GROUND("90;100"),
    MARK("1;97;44");

    private final String code;

    Paint(String code) {
      this.code = code;
    }
  }

  private record Piece(String text, Paint paint) {}

  static Line of(String text) {
    return new Line().add(text, Paint.PLAIN);
  }

  static Line of(String text, Paint paint) {
    return new Line().add(text, paint);
  }

  Line add(String text, Paint paint) {
    pieces.add(new Piece(text, paint));
    return this;
  }

  /** The text, cut at the width. */
  String render(int width, boolean color) {
    StringBuilder out = new StringBuilder();
    int left = width;
    for (Piece piece : pieces) {
      String text = piece.text().substring(0, Math.min(left, piece.text().length()));
      left -= text.length();
      if (color && !piece.paint().code.isEmpty() && !text.isEmpty()) {
        out.append("\u001b[")
            .append(piece.paint().code)
            .append('m')
            .append(text)
            .append("\u001b[0m");
      } else {
        out.append(text);
      }
    }
    return color ? out.toString() : out.toString().stripTrailing();
  }
}
