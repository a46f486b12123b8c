package org.allclose;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.allclose.internal.message.TextTable;
import org.allclose.layer.Graph;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.tensor.Shape;

/** The table that {@link NetworkSpec#summary} prints. */
final class NetworkSummary {
  private NetworkSummary() {}

  static String of(NetworkSpec spec) {
    boolean isChain = isChain(spec);
    TextTable table =
        TextTable.of(row(isChain, "layer", "type", "takes", "output shape", "parameters"))
            .alignRight(isChain ? 3 : 4);
    for (Graph.Input input : spec.inputs()) {
      String type = input.isTokens() ? "tokens" : "";
      table.add(row(isChain, input.name(), type, "", batchOf(input.shape()), "0"));
    }
    long total = 0;
    for (Node layer : spec.layers()) {
      long count = count(layer.parameters());
      total += count;
      table.add(
          row(
              isChain,
              layer.name(),
              layer.layer().toString(),
              String.join(", ", layer.inputs()),
              batchOf(layer.output()),
              number(count)));
    }
    StringBuilder text = new StringBuilder(table.toString());
    text.append("total parameters: ").append(number(total)).append('\n');
    if (spec.outputs().size() > 1) {
      text.append("outputs: ").append(String.join(", ", spec.outputs())).append('\n');
    }
    text.append("loss: ").append(losses(spec));
    text.append(spec.l2() == 0 ? "" : ", l2 " + spec.l2());
    return text.append('\n').toString();
  }

  private static String losses(NetworkSpec spec) {
    return spec.losses().size() > 1
        ? spec.losses().stream()
            .map(loss -> loss + " of " + loss.output())
            .collect(Collectors.joining(" + "))
        : spec.losses().stream().findFirst().map(Object::toString).orElse("none");
  }

  /** Returns whether each layer takes the one before: then nothing is said of what it takes. */
  private static boolean isChain(NetworkSpec spec) {
    String before = spec.inputs().get(0).name();
    for (Node node : spec.layers()) {
      if (!node.inputs().equals(List.of(before))) {
        return false;
      }
      before = node.name();
    }
    return true;
  }

  private static String[] row(
      boolean isChain, String name, String type, String takes, String shape, String count) {
    return isChain
        ? new String[] {name, type, shape, count}
        : new String[] {name, type, takes, shape, count};
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
}
