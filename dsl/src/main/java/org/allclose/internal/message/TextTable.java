package org.allclose.internal.message;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Rows of texts in aligned columns, two spaces apart, below a head and a rule. */
public final class TextTable {
  private final UnaryOperator<String> form;
  private final List<String> head;
  private final List<Integer> numbers;
  private final List<List<String>> rows = new ArrayList<>();

  private TextTable(UnaryOperator<String> form, List<String> head, List<Integer> numbers) {
    this.form = form;
    this.head = head;
    this.numbers = numbers;
  }

  /** Returns a table without rows, whose cells are shown as they are. */
  public static TextTable of(String... head) {
    return of(UnaryOperator.identity(), head);
  }

  /**
   * Returns a table without rows.
   *
   * @param form how the text of a cell is shown, such as on one line
   */
  public static TextTable of(UnaryOperator<String> form, String... head) {
    return new TextTable(form, List.of(head), List.of());
  }

  /** Returns the same table, still without rows, with the given columns aligned to the right. */
  public TextTable alignRight(Integer... columns) {
    return new TextTable(form, head, List.of(columns));
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it has not one cell for each column
   */
  public void add(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(
          "row " + rows.size() + ": expected " + head.size() + " cells but got " + cells.length);
    }
    rows.add(Stream.of(cells).map(form).toList());
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
