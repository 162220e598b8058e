package weir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text under a header, in aligned columns. The last column is as long as it is. */
final class Table {
  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] right;

  /** A header that begins with a space stands over a column that is aligned to the right. */
  Table(String... header) {
    right = new boolean[header.length];
    String[] names = new String[header.length];
    for (int i = 0; i < header.length; i++) {
      right[i] = header[i].startsWith(" ");
      names[i] = header[i].strip();
    }
    rows.add(names);
  }

  Table row(String... cells) {
    rows.add(Arrays.copyOf(cells, right.length));
    return this;
  }

  /** Every line begins with {@code indent} and ends with a line break. */
  String text(String indent) {
    int[] width = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        width[i] = Math.max(width[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < row.length; i++) {
        String space = " ".repeat(width[i] - row[i].length());
        line.append(i == 0 ? "" : GAP).append(right[i] ? space + row[i] : row[i] + space);
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }
}
