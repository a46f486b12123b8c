package org.allclose.parity.report;

import java.util.List;
import org.allclose.internal.text.Decimal;

/** Figures and sums of reports in words, the same in reports and in whatever prints them. */
final class Wording {
  private Wording() {}

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

  /** Returns a count of ulps: whole where it is small, with three digits where it is not. */
  static String figure(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      return Long.toString((long) value);
    }
    return Decimal.format("%.3g", value);
  }
}
