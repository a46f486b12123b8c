package org.allclose.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.allclose.internal.text.Printable;

/** Rows of texts in aligned columns, two spaces apart; what cells hold is printable text. */
public final class TextTable {
  private final List<String> head;
  private final List<Integer> numbers;
  private final List<List<String>> rows = new ArrayList<>();

  private TextTable(List<String> head, List<Integer> numbers) {
    this.head = head;
    this.numbers = numbers;
  }

  /** Returns a table without rows. */
  public static TextTable of(String... head) {
    return new TextTable(List.of(head), List.of());
  }

  /** Returns the same table, still without rows, with the given columns aligned to the right. */
  public TextTable alignRight(Integer... columns) {
    return new TextTable(head, List.of(columns));
  }

  /**
   * Adds a row, each cell as {@link Printable} has it.
   *
   * @throws IllegalArgumentException if it has not one cell for each column
   */
  public void add(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(
          "row " + rows.size() + ": expected " + head.size() + " cells but got " + cells.length);
    }
    rows.add(Stream.of(cells).map(Printable::of).toList());
  }

  /** Returns the head, a rule and the rows, each line ended by a line feed. */
  @Override
  public String toString() {
    int[] widths = new int[head.size()];
    widen(widths, head);
    rows.forEach(row -> widen(widths, row));
    StringBuilder text = new StringBuilder();
    append(text, widths, head);
    List<String> rule = new ArrayList<>();
    for (int width : widths) {
      rule.add("-".repeat(width));
    }
    append(text, widths, rule);
    rows.forEach(row -> append(text, widths, row));
    return text.toString();
  }

  private static void widen(int[] widths, List<String> row) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], row.get(i).length());
    }
  }

  private void append(StringBuilder text, int[] widths, List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - row.get(i).length());
      line.append(i == 0 ? "" : "  ");
      line.append(numbers.contains(i) ? padding + row.get(i) : row.get(i) + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
