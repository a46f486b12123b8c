package org.allclose.parity.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.allclose.internal.message.TextTable;
import org.allclose.internal.text.Decimal;
import org.allclose.internal.text.Printable;
import org.allclose.parity.recording.Difference;
import org.allclose.parity.recording.FloatFormat;

/** Prints reports for people: a table with a row a tensor, and what failed in full below it. */
final class ReportTable {
  private ReportTable() {}

  /** Returns the table of the given reports, one line for each failure, and the total. */
  static String print(List<CaseReport> reports) {
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
        TextTable.of(Printable::of, columns.toArray(String[]::new))
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
    return text.append(Wording.total(reports)).append('\n').toString();
  }

  private static String ulps(TensorReport tensor) {
    if (tensor.difference().isEmpty()) {
      return "-";
    }
    String figure = Wording.figure(tensor.difference().get().normwiseUlps());
    FloatFormat format = tensor.expectation().format();
    return format == FloatFormat.FLOAT64 ? figure : figure + " " + format;
  }

  private static String roundings(Difference difference) {
    return difference.roundings().isPresent()
        ? Wording.figure(difference.roundings().getAsDouble())
        : "-";
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
}
