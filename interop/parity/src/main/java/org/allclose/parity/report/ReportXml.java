package org.allclose.parity.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Reports as JUnit writes them, for build servers: a suite a case, a test a comparison.
 *
 * <p>Layers' outputs and gradients are tests as well; what explains a case is the output of its
 * suite.
 */
final class ReportXml {
  private ReportXml() {}

  /** Returns the reports as XML. */
  static String of(List<CaseReport> reports) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    long tests = reports.stream().mapToLong(report -> report.comparisons().count()).sum();
    long failures = reports.stream().mapToLong(report -> report.failures().size()).sum();
    xml.append("<testsuites name=\"allclose\" tests=\"").append(tests);
    xml.append("\" failures=\"").append(failures).append("\">\n");
    reports.forEach(report -> append(report, xml));
    return xml.append("</testsuites>\n").toString();
  }

  private static void append(CaseReport report, StringBuilder xml) {
    String name = Html.escape(report.name());
    xml.append("  <testsuite name=\"").append(name).append("\" tests=\"");
    xml.append(report.comparisons().count()).append("\" failures=\"");
    xml.append(report.failures().size()).append("\" errors=\"0\" skipped=\"0\">\n");
    report
        .comparisons()
        .forEach(
            tensor -> {
              xml.append("    <testcase classname=\"").append(name).append("\" name=\"");
              xml.append(Html.escape(tensor.name())).append('"');
              if (tensor.matches()) {
                xml.append("/>\n");
              } else {
                xml.append(">\n      <failure message=\"").append(Html.escape(tensor.explain()));
                xml.append("\"/>\n    </testcase>\n");
              }
            });
    if (!report.matches()) {
      xml.append("    <system-out>");
      xml.append(report.explain().stream().map(Html::escape).collect(Collectors.joining("\n")));
      xml.append("</system-out>\n");
    }
    xml.append("  </testsuite>\n");
  }
}
