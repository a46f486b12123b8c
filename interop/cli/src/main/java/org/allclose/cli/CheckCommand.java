package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.allclose.WeightSource;
import org.allclose.internal.text.Printable;
import org.allclose.parity.CaseSuite;
import org.allclose.parity.recording.Match;
import org.allclose.parity.report.ReportFormat;

/** {@code allclose check}: replays recorded cases. */
final class CheckCommand extends Subcommand {
  private final Supplier<List<Path>> folders =
      reads(
          arguments(
              Path.class,
              "DIR",
              "testdata/fixtures",
              "Folders of cases; default: ${DEFAULT-VALUE}."));
  private final Supplier<Optional<Match>> match =
      optional(
          Match.class,
          "--match",
          "MATCH",
          "How near every tensor must come in this run, whatever its case says: exact, zeros:equal,"
              + " ulps:K, rounding:K or rtol:R,atol:A.");
  private final Supplier<Optional<Path>> against =
      reads(
          optional(
              Path.class,
              "--against",
              "FILE",
              "Replay the cases of networks with these weights in place of the recorded ones: do they"
                  + " still give what was recorded?"));
  private final LayoutOptions layout = new LayoutOptions(this, new ReadingOptions(this));
  private final ReportOptions reportFiles = new ReportOptions(this);

  CheckCommand() {
    super("check", "Replay every case below the folders and compare Java with what was recorded.");
  }

  @Override
  public Integer call() throws IOException {
    CaseSuite suite = CaseSuite.below(folders.get());
    suite = match.get().map(suite::withMatch).orElse(suite);
    if (against.get().isPresent()) {
      WeightSource weights = layout.open(against.get().get());
      suite = suite.withWeights(network -> layout.adapt(weights, network));
    }
    CaseSuite.Outcome outcome = suite.run();
    outcome
        .unusable()
        .forEach((path, e) -> err().println(Failure.line(path + ": " + Failure.message(e))));
    print(outcome);
    int unusable = outcome.unusable().size();
    if (unusable > 0) {
      err().println(Failure.line(unusable + " of " + suite.size() + " cases are unusable"));
      return Allclose.UNUSABLE;
    }
    if (outcome.reports().isEmpty()) {
      throw new IOException(
          folders.get() + ": expected at least one case that can be replayed here");
    }
    reportFiles.write(outcome.reports());
    return outcome.matches() ? Allclose.GOOD : Allclose.MISMATCH;
  }

  private void print(CaseSuite.Outcome outcome) {
    if (!outcome.reports().isEmpty()) {
      out().print(Colours.of(ReportFormat.TABLE.print(outcome.reports())));
    }
    if (!outcome.skipped().isEmpty()) {
      out()
          .println(
              Printable.of(
                  "skipped "
                      + outcome.skipped()
                      + ": functions that only a @ParityTest can compute"));
    }
  }
}
