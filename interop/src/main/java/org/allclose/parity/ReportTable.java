package org.allclose.parity;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.allclose.table.TextTable;

/** Prints reports for people: a table with a row a tensor, and what failed in full below it. */
public final class ReportTable {
  private ReportTable() {}

  /** Returns the table of the given reports, one line for each failure, and the total. */
  public static String print(List<CaseReport> reports) {
    TextTable table =
        TextTable.of("case", "tensor", "elements", "bit-equal", "worst ulps", "match", "verdict")
            .alignRight(2, 3, 4);
    for (CaseReport report : reports) {
      String name = report.name();
      for (Comparison tensor : report.tensors()) {
        table.add(
            name,
            tensor.name(),
            text(tensor.elements()),
            text(tensor.bitEqual()),
            tensor.difference().map(d -> figure(d.normwiseUlps())).orElse("-"),
            tensor.match().toString(),
            tensor.matches() ? "ok" : "FAILED");
        name = "";
      }
    }
    StringBuilder text = new StringBuilder(table.toString()).append('\n');
    for (CaseReport report : reports) {
      appendAccuracy(report, text);
      appendRemarks(report, text);
      for (String line : report.explain()) {
        text.append("FAILED ").append(report.name()).append(": ").append(line).append('\n');
      }
    }
    return text.append(total(reports)).append('\n').toString();
  }

  /** Returns how many cases and tensors there are, and whether they match. */
  static String total(List<CaseReport> reports) {
    long tensors = reports.stream().mapToLong(report -> report.tensors().size()).sum();
    long failed = reports.stream().filter(report -> !report.matches()).count();
    return count(reports.size(), "case")
        + ", "
        + count(tensors, "tensor")
        + ": "
        + (failed == 0 ? good(reports) : count(failed, "case") + " FAILED");
  }

  /** Says what was shown; where nothing was recorded, two files were compared. */
  private static String good(List<CaseReport> reports) {
    return reports.stream().allMatch(report -> report.recorded().isEmpty())
        ? "all arrays match"
        : "Java computes what was recorded";
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** Says the accuracy of a classifier, here and there: the figure that people ask for first. */
  private static void appendAccuracy(CaseReport report, StringBuilder text) {
    for (TensorReport tensor : report.numbers()) {
      if (tensor.name().equals("accuracy") && tensor.difference().isPresent()) {
        text.append(
            String.format(
                Locale.ROOT,
                "%s: accuracy %.4f as recorded, %.4f in Java\n",
                report.name(),
                tensor.expected().get(),
                tensor.actual().get()));
      }
    }
  }

  /** Says what is to be known of comparisons that match. */
  private static void appendRemarks(CaseReport report, StringBuilder text) {
    report
        .comparisons()
        .filter(Comparison::matches)
        .forEach(
            comparison ->
                comparison
                    .remark()
                    .ifPresent(
                        remark ->
                            text.append(report.name())
                                .append(": ")
                                .append(comparison.name())
                                .append(": ")
                                .append(remark)
                                .append('\n')));
  }

  private static String text(OptionalLong count) {
    return count.isPresent() ? Long.toString(count.getAsLong()) : "-";
  }

  /** Returns a count of ulps: whole where it is small, with three digits where it is not. */
  static String figure(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      return Long.toString((long) value);
    }
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
