package org.allclose.parity.report;

import java.util.List;
import java.util.Locale;
import org.allclose.parity.recording.Difference;

/** Draws how the error grows from layer to layer, forward and backward, as SVG. */
final class LayerChart {

  /** Where a bar of the error 0 ends, and one unit in the last place begins. */
  private static final double LEAST = 0.1;

  private static final int ROW = 34;
  private static final int LEFT = 105;
  private static final int WIDTH = 180;

  private LayerChart() {}

  /**
   * Returns a row a layer with a bar for its output and one for the gradient of its input, whose
   * lengths are logarithms of normwise ulps.
   */
  static String of(List<TensorReport> outputs, List<TensorReport> inputGradients) {
    double largest = 1;
    for (TensorReport report : outputs) {
      largest = Math.max(largest, ulps(report));
    }
    for (TensorReport report : inputGradients) {
      largest = Math.max(largest, ulps(report));
    }
    int rows = Math.max(outputs.size(), inputGradients.size());
    StringBuilder svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 380 ").append(rows * ROW + 4);
    svg.append("\" width=\"380\" role=\"img\">");
    for (int i = 0; i < rows; i++) {
      int y = i * ROW;
      String name =
          i < outputs.size()
              ? outputs.get(i).name()
              : inputGradients.get(i).name().replace(TensorReport.INPUT_GRADIENT, "");
      svg.append("<text x=\"0\" y=\"").append(y + 19).append("\">");
      svg.append(Html.escape(name.length() <= 16 ? name : name.substring(0, 15) + "…"));
      svg.append("</text>");
      if (i < outputs.size()) {
        bar(svg, "bar", y + 2, outputs.get(i), largest);
      }
      if (i < inputGradients.size()) {
        bar(svg, "back", y + 17, inputGradients.get(i), largest);
      }
    }
    svg.append("<path class=\"axis\" d=\"M").append(LEFT).append(" 0v").append(rows * ROW);
    return svg.append("\"/></svg>").toString();
  }

  private static void bar(
      StringBuilder svg, String kind, int y, TensorReport report, double largest) {
    double ulps = ulps(report);
    double length =
        ulps < LEAST
            ? 0
            : StrictMath.log(Math.min(ulps, largest) / LEAST) / StrictMath.log(largest / LEAST);
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"13\"/>"
                + "<text x=\"%d\" y=\"%d\">%s%s</text>",
            kind,
            LEFT,
            y,
            Math.round(WIDTH * length),
            LEFT + 5 + Math.round(WIDTH * length),
            y + 11,
            report.difference().isPresent() ? Wording.figure(ulps) : "other shape",
            report.matches() ? "" : " ✗"));
  }

  /** Returns the error of a layer; of another shape, as if it were without end. */
  private static double ulps(TensorReport report) {
    double ulps = report.difference().map(Difference::normwiseUlps).orElse(1e18);
    return Double.isFinite(ulps) ? ulps : 1e18;
  }
}
