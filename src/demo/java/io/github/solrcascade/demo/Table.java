package io.github.solrcascade.demo;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as they must be: the first flush left, the others right. */
public final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row; all have as many cells as the first, the header. */
  public void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** The table's lines, a rule under the header. */
  public List<String> lines() {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>(rows.stream().map(row -> line(row, widths)).toList());
    lines.add(1, "─".repeat(lines.get(0).length()));
    return lines;
  }

  private static String line(List<String> row, int[] widths) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      String space = " ".repeat(widths[i] - row.get(i).length());
      cells.add(i == 0 ? row.get(i) + space : space + row.get(i));
    }
    return String.join(GAP, cells);
  }
}
