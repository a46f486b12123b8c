package org.allclose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.allclose.layer.NamedLayer;
import org.allclose.layer.ParameterSpec;
import org.allclose.tensor.Shape;

/** The table that {@link NetworkSpec#summary} prints. */
final class NetworkSummary {
  private NetworkSummary() {}

  static String of(NetworkSpec spec) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"layer", "type", "output shape", "parameters"});
    rows.add(new String[] {"input", "", batchOf(spec.input()), "0"});
    long total = 0;
    for (NamedLayer layer : spec.layers()) {
      long count = count(layer.parameters());
      total += count;
      rows.add(
          new String[] {
            layer.name(), layer.layer().toString(), batchOf(layer.output()), number(count)
          });
    }
    StringBuilder text = new StringBuilder(table(rows));
    text.append("total parameters: ").append(number(total)).append('\n');
    text.append("loss: ").append(spec.loss().map(Object::toString).orElse("none"));
    text.append(spec.l2() == 0 ? "" : ", l2 " + spec.l2());
    return text.append('\n').toString();
  }

  private static long count(List<ParameterSpec> parameters) {
    return parameters.stream().mapToLong(parameter -> parameter.shape().size()).sum();
  }

  /** Returns a batch shape with its open first axis, such as (n, 100). */
  static String batchOf(Shape sample) {
    String axes = sample.toString();
    return "(n" + (sample.rank() == 0 ? ",)" : ", " + axes.substring(1).replace(",)", ")"));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Lays out rows in columns, the last one to the right, with a rule below the first row. */
  private static String table(List<String[]> rows) {
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      for (int i = 0; i < columns - 1; i++) {
        text.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      String last = row[columns - 1];
      text.append(" ".repeat(widths[columns - 1] - last.length())).append(last).append('\n');
      if (row == rows.get(0)) {
        text.append(Arrays.stream(widths).mapToObj("-"::repeat).collect(Collectors.joining("  ")))
            .append('\n');
      }
    }
    return text.toString();
  }
}
