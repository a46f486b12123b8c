package org.allclose.parity.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.allclose.internal.text.Decimal;
import org.allclose.parity.recording.Difference;

/**
 * Reports as one page for people, those who wrote the Python among them.
 *
 * <p>The page needs no other file and has no program in it: style, table, and charts as SVG. It
 * follows the reader's choice of light or dark.
 */
final class ReportHtml {
  private static final String STYLE = "report.css";

  /** Of one case, the most tensors that are drawn: those that fail first. */
  private static final int MAXIMUM_DRAWN = 150;

  /** How many places all heat maps of a page have together, and one at least and at most. */
  private static final int PLACES = 60_000;

  private static final int FEWEST_PLACES = 200;
  private static final int MOST_PLACES = 3200;

  private ReportHtml() {}

  /** Returns the page of the given reports. */
  static String of(List<CaseReport> reports) {
    long failed = reports.stream().filter(report -> !report.matches()).count();
    StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
    page.append("<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width,");
    page.append(" initial-scale=1\"/>\n<link rel=\"icon\" href=\"data:,\"/>\n<title>");
    page.append(failed == 0 ? "Parity: all match" : "Parity: " + failed + " failed");
    page.append("</title>\n<style>\n").append(style()).append("</style>\n</head>\n<body>\n");
    page.append("<h1>Parity report</h1>\n<p class=\"");
    page.append(failed == 0 ? "good" : "bad").append("\">");
    page.append(Html.escape(Wording.total(reports))).append("</p>\n");
    page.append("<p class=\"quiet\">Errors are in units in the last place: of the element itself");
    page.append(" (ulps) and of the tensor's largest value (normwise). Bit-equal is the same");
    page.append(" number to the last bit.</p>\n");
    long drawn = reports.stream().mapToLong(report -> different(report).size()).sum();
    int places = (int) Math.max(FEWEST_PLACES, Math.min(MOST_PLACES, PLACES / Math.max(1, drawn)));
    // What fails is what the page is opened for.
    reports.stream()
        .filter(report -> !report.matches())
        .forEach(report -> append(report, places, page));
    reports.stream().filter(CaseReport::matches).forEach(report -> append(report, places, page));
    return page.append("</body>\n</html>\n").toString();
  }

  private static void append(CaseReport report, int places, StringBuilder page) {
    page.append("<section>\n<h2>").append(Html.escape(report.name())).append(" <span class=\"");
    page.append(report.matches() ? "good\">ok" : "bad\">failed").append("</span></h2>\n");
    report
        .firstDivergingLayer()
        .ifPresent(
            layer ->
                page.append("<p>The first layer whose output diverges is <code>")
                    .append(Html.escape(layer.name()))
                    .append("</code>.</p>\n"));
    report
        .firstDivergingBackward()
        .ifPresent(
            layer ->
                page.append("<p>The first layer, from the end, whose gradients diverge is <code>")
                    .append(Html.escape(layer))
                    .append("</code>.</p>\n"));
    for (String hint : report.hints()) {
      page.append("<p class=\"cause\">Likely cause: ").append(Html.escape(hint)).append("</p>\n");
    }
    for (String kink : report.kinks()) {
      page.append("<p>").append(Html.escape(kink)).append("</p>\n");
    }
    report
        .smallestChange()
        .ifPresent(
            change ->
                page.append("<p>Smallest change seen: ")
                    .append(Html.escape(change.toString()))
                    .append(".</p>\n"));
    table(report.tensors(), page);
    layers(report, page);
    drawn(report, places, page);
    page.append("<h3>Recorded with</h3>\n<dl>\n");
    report
        .recorded()
        .forEach(
            (key, value) ->
                page.append("<dt>")
                    .append(Html.escape(key))
                    .append("</dt><dd class=\"mono\">")
                    .append(Html.escape(value))
                    .append("</dd>\n"));
    page.append("</dl>\n</section>\n");
  }

  private static void table(List<Comparison> tensors, StringBuilder page) {
    page.append("<div class=\"scroll\"><table>\n<tr><th>tensor</th><th>verdict</th>");
    page.append("<th class=\"number\">normwise ulps</th><th class=\"number\">bit-equal</th>");
    page.append("<th class=\"number wide\">elements</th>");
    page.append("<th class=\"number wide\">absolute error</th>");
    page.append("<th class=\"number wide\">relative</th><th class=\"wide\">match</th></tr>\n");
    for (Comparison tensor : tensors) {
      page.append("<tr><td>").append(Html.escape(tensor.name())).append("</td><td class=\"");
      page.append(tensor.matches() ? "good\">ok" : "bad\">failed").append("</td>");
      if (tensor.difference().isPresent()) {
        Difference d = tensor.difference().get();
        number(page, "", Wording.figure(d.normwiseUlps()));
        number(page, "", share(d));
        number(page, " wide", Integer.toString(d.elements()));
        number(page, " wide", Decimal.format("%.3g", d.absolute()));
        number(page, " wide", Decimal.format("%.3g", d.relative()));
      } else {
        page.append("<td colspan=\"2\">").append(Html.escape(tensor.brief())).append("</td>");
        number(page, " wide", "");
        number(page, " wide", "");
        number(page, " wide", "");
      }
      page.append("<td class=\"wide\">").append(Html.escape(tensor.match().toString()));
      tensor.remark().ifPresent(remark -> page.append("; ").append(Html.escape(remark)));
      page.append("</td></tr>\n");
    }
    page.append("</table></div>\n");
  }

  private static void number(StringBuilder page, String more, String figure) {
    page.append("<td class=\"number").append(more).append("\">").append(figure).append("</td>");
  }

  private static String share(Difference d) {
    if (d.bitEqual() == d.elements()) {
      return "all";
    }
    // Rounded down, so that 100% is never said of less than all.
    return String.format(
        Locale.ROOT, "%.1f%%", Math.floor(1000.0 * d.bitEqual() / d.elements()) / 10);
  }

  private static void layers(CaseReport report, StringBuilder page) {
    if (report.layers().isEmpty() && report.inputGradients().isEmpty()) {
      return;
    }
    page.append("<h3>Error from layer to layer, in normwise ulps</h3>\n<figure><figcaption>");
    page.append("Upper bar: the layer's output. Lower bar: the gradient of its input, which comes");
    page.append(" from the end. Lengths are logarithms.</figcaption>\n");
    page.append(LayerChart.of(report.layers(), report.inputGradients())).append("</figure>\n");
  }

  /** Draws the tensors that are not bit-equal, those that fail first. */
  private static void drawn(CaseReport report, int places, StringBuilder page) {
    List<TensorReport> different = different(report);
    if (different.isEmpty()) {
      return;
    }
    page.append("<h3>Where they differ</h3>\n");
    for (TensorReport tensor : different.subList(0, Math.min(MAXIMUM_DRAWN, different.size()))) {
      Difference d = tensor.difference().orElseThrow();
      page.append("<details").append(tensor.matches() ? "" : " open=\"open\"").append("><summary>");
      page.append("<code>").append(Html.escape(tensor.name())).append("</code> ");
      page.append(tensor.expectation().shape()).append(" <span class=\"quiet\">worst at ");
      page.append(tensor.worstIndex()).append(": expected <code>");
      page.append(Decimal.of(d.expected())).append("</code> but got <code>");
      page.append(Decimal.of(d.actual()));
      page.append("</code></span></summary>\n<div class=\"charts\">\n");
      page.append("<figure><figcaption>Elements by ulps (heights are logarithms)</figcaption>");
      page.append(TensorCharts.histogram(tensor.expected(), tensor.actual()));
      page.append("</figure>\n<figure><figcaption>Where they sit: last axis to the right;");
      page.append(
          " from weak to strong: up to 1, 4, 64, 65536 normwise ulps, and more</figcaption>");
      page.append(TensorCharts.heatMap(tensor.expected(), tensor.actual(), places));
      page.append("</figure>\n</div></details>\n");
    }
    if (different.size() > MAXIMUM_DRAWN) {
      page.append("<p class=\"quiet\">").append(different.size() - MAXIMUM_DRAWN);
      page.append(" more are not drawn.</p>\n");
    }
  }

  /** Returns the comparisons that are not of the same bits, those that fail first. */
  private static List<TensorReport> different(CaseReport report) {
    return report
        .comparisons()
        .flatMap(comparison -> comparison.numbers().stream())
        .filter(tensor -> tensor.difference().map(d -> d.worst() >= 0).orElse(false))
        .sorted((a, b) -> Boolean.compare(a.matches(), b.matches()))
        .toList();
  }

  private static String style() {
    try (InputStream in = ReportHtml.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException(STYLE + ": expected it beside the class but it is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
