package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.allclose.parity.Comparisons;
import org.allclose.parity.recording.Match;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportFormat;

/** {@code allclose diff}: compares the arrays of two files. */
final class DiffCommand extends Subcommand {
  private final Supplier<Path> expected =
      reads(argument(Path.class, "A", "A .npz, .npy or .safetensors file: what is expected."));
  private final Supplier<Path> actual =
      reads(argument(Path.class, "B", "Another one: what there is."));
  private final Supplier<Match> match =
      withDefault(
          "exact",
          Match.class,
          "--match",
          "MATCH",
          "How near B must come to A: exact, zeros:equal, ulps:K or rtol:R,atol:A; default:"
              + " ${DEFAULT-VALUE}.");
  private final ReadingOptions reading = new ReadingOptions(this);
  private final ReportOptions reports = new ReportOptions(this);

  DiffCommand() {
    super("diff", "Compare the arrays of two files, such as two runs of a program wrote.");
  }

  @Override
  public Integer call() throws IOException {
    CaseReport report =
        Comparisons.ofFiles("diff", expected.get(), actual.get(), reading.get(), match.get());
    out().print(Colours.of(ReportFormat.TABLE.print(List.of(report))));
    reports.write(List.of(report));
    return report.matches() ? Allclose.GOOD : Allclose.MISMATCH;
  }
}
