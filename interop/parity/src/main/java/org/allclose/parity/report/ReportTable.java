package org.allclose.parity.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.allclose.jnpy.Decimal;
import org.allclose.jnpy.Printable;
import org.allclose.parity.recording.Difference;
import org.allclose.parity.recording.FloatFormat;
import org.allclose.table.TextTable;

/** Prints reports for people: a table with a row a tensor, and what failed in full below it. */
public final class ReportTable {
  private ReportTable() {}

  /** Returns the table of the given reports, one line for each failure, and the total. */
  public static String print(List<CaseReport> reports) {
    boolean roundings =
        reports.stream()
            .flatMap(CaseReport::comparisons)
            .flatMap(comparison -> comparison.numbers().stream())
            .anyMatch(tensor -> tensor.noise().isPresent());
    List<String> columns =
        new ArrayList<>(List.of("case", "tensor", "elements", "bit-equal", "worst ulps"));
    columns.addAll(roundings ? List.of("roundings") : List.of());
    columns.addAll(List.of("match", "verdict"));
    TextTable table =
        TextTable.of(columns.toArray(String[]::new))
            .alignRight(roundings ? new Integer[] {2, 3, 4, 5} : new Integer[] {2, 3, 4});
    for (CaseReport report : reports) {
      String name = report.name();
      for (Comparison tensor : report.tensors()) {
        List<String> row =
            new ArrayList<>(
                List.of(
                    name,
                    tensor.name(),
                    text(tensor.elements()),
                    text(tensor.bitEqual()),
                    tensor.numbers().map(ReportTable::ulps).orElse("-")));
        if (roundings) {
          row.add(tensor.difference().map(ReportTable::roundings).orElse("-"));
        }
        row.add(tensor.match().toString());
        row.add(tensor.matches() ? "ok" : "FAILED");
        table.add(row.toArray(String[]::new));
        name = "";
      }
    }
    StringBuilder text = new StringBuilder(table.toString()).append('\n');
    for (CaseReport report : reports) {
      appendAccuracy(report, text);
      for (String kink : report.matches() ? report.kinks() : List.<String>of()) {
        text.append(report.name()).append(": ").append(kink).append('\n');
      }
      report
          .smallestChange()
          .ifPresent(change -> text.append(report.name()).append(": ").append(change).append('\n'));
      appendRemarks(report, text);
      for (String line : report.explain()) {
        text.append("FAILED ").append(Printable.of(report.name()));
        text.append(": ").append(line).append('\n');
      }
    }
    return text.append(total(reports)).append('\n').toString();
  }

  private static String ulps(TensorReport tensor) {
    if (tensor.difference().isEmpty()) {
      return "-";
    }
    String figure = figure(tensor.difference().get().normwiseUlps());
    FloatFormat format = tensor.expectation().format();
    return format == FloatFormat.FLOAT64 ? figure : figure + " " + format;
  }

  private static String roundings(Difference difference) {
    return difference.roundings().isPresent() ? figure(difference.roundings().getAsDouble()) : "-";
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
            Printable.of(report.name())
                + ": accuracy "
                + Decimal.format("%.4f", tensor.expected().get())
                + " as recorded, "
                + Decimal.format("%.4f", tensor.actual().get())
                + " in Java\n");
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
    return Decimal.format("%.3g", value);
  }
}
