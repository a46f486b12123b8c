package org.allclose.parity.report;

import java.util.Locale;
import org.allclose.parity.recording.Difference;
import org.allclose.tensor.Tensor;

/** Draws one comparison as SVG: how many elements are how far off, and where they sit. */
final class TensorCharts {

  /** The largest count of ulps of each bar but the last. */
  private static final double[] LIMITS = {0, 1, 2, 4, 8, 16, 64, 256, 1024, 65536, 4294967296.0};

  private static final String[] NAMES = {
    "0", "1", "2", "≤4", "≤8", "≤16", "≤64", "≤256", "≤1024", "≤2¹⁶", "≤2³²", "more"
  };

  /** From how many normwise ulps on a place has each colour but the first, which is for any. */
  private static final double[] HEAT = {1, 4, 64, 65536};

  private TensorCharts() {}

  /** Returns a bar for each range of elementwise ulps; heights are logarithms of counts. */
  static String histogram(Tensor expected, Tensor actual) {
    int[] counts = new int[NAMES.length];
    for (int i = 0; i < expected.size(); i++) {
      counts[bar(Difference.elementUlps(expected.unwrap()[i], actual.unwrap()[i]))]++;
    }
    StringBuilder svg =
        new StringBuilder("<svg viewBox=\"0 0 420 110\" width=\"420\" role=\"img\">");
    double tallest = StrictMath.log1p(expected.size());
    for (int i = 0; i < counts.length; i++) {
      int x = 35 * i;
      long height = Math.round(75 * StrictMath.log1p(counts[i]) / tallest);
      if (counts[i] > 0) {
        svg.append("<rect class=\"bar\" x=\"").append(x + 3).append("\" y=\"").append(90 - height);
        svg.append("\" width=\"29\" height=\"").append(height).append("\"/>");
        text(svg, x + 17, (int) (87 - height), Integer.toString(counts[i]));
      }
      text(svg, x + 17, 103, NAMES[i]);
    }
    return svg.append("<path class=\"axis\" d=\"M0 90.5h420\"/></svg>").toString();
  }

  /**
   * Returns a map of the elements, the last axis to the right and all others downward; where there
   * are more than fit, a place shows the largest error of several.
   *
   * @param places the most places of the map
   */
  static String heatMap(Tensor expected, Tensor actual, int places) {
    int columns =
        expected.shape().rank() == 0 ? 1 : expected.shape().axis(expected.shape().rank() - 1);
    int rows = expected.size() / columns;
    int width = Math.min(columns, (int) Math.sqrt(2.0 * places));
    int height = Math.min(rows, places / width);
    double[] worst = new double[width * height];
    double unit = Math.ulp(Difference.largestFinite(expected));
    for (int i = 0; i < expected.size(); i++) {
      double e = expected.unwrap()[i];
      double a = actual.unwrap()[i];
      if (Double.doubleToLongBits(e) != Double.doubleToLongBits(a)) {
        int y = (int) ((long) (i / columns) * height / rows);
        int x = (int) ((long) (i % columns) * width / columns);
        double ulps = Math.max(Double.MIN_VALUE, Difference.error(e, a) / unit);
        worst[y * width + x] = Math.max(worst[y * width + x], ulps);
      }
    }
    StringBuilder svg = new StringBuilder();
    int scale = Math.max(2, Math.min(16, 400 / width));
    svg.append("<svg viewBox=\"0 0 ").append(width).append(' ').append(height);
    svg.append("\" width=\"").append(width * scale).append("\" role=\"img\"><rect class=\"frame\"");
    svg.append(" width=\"")
        .append(width)
        .append("\" height=\"")
        .append(height)
        .append("\"/><g transform=\"translate(0 .5)\">");
    for (int level = 1; level <= HEAT.length + 1; level++) {
      StringBuilder path = new StringBuilder();
      for (int i = 0; i < worst.length; i++) {
        int run = i;
        while (run < worst.length && run / width == i / width && level(worst[run]) == level) {
          run++;
        }
        if (run > i) {
          path.append('M').append(i % width).append(' ').append(i / width);
          path.append('h').append(run - i);
          i = run - 1;
        }
      }
      if (path.length() > 0) {
        svg.append("<path class=\"h").append(level).append("\" d=\"").append(path).append("\"/>");
      }
    }
    return svg.append("</g></svg>").toString();
  }

  private static int level(double ulps) {
    if (ulps == 0) {
      return 0;
    }
    int level = 1;
    for (double limit : HEAT) {
      level += ulps > limit ? 1 : 0;
    }
    return level;
  }

  private static int bar(double ulps) {
    int bar = 0;
    while (bar < LIMITS.length && ulps > LIMITS[bar]) {
      bar++;
    }
    return bar;
  }

  private static void text(StringBuilder svg, int x, int y, String text) {
    svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", x, y));
    svg.append(text).append("</text>");
  }
}
