package org.allclose.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.allclose.WeightSource;
import org.allclose.jnpy.Printable;
import org.allclose.parity.CaseFile;
import org.allclose.parity.CaseFolders;
import org.allclose.parity.CaseRunner;
import org.allclose.parity.Sensitivity;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportTable;

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
    PrintWriter out = out();
    PrintWriter err = err();
    List<Path> paths = new ArrayList<>();
    List<Path> folders = this.folders.get();
    for (Path folder : folders) {
      paths.addAll(CaseFolders.below(folder));
    }
    if (paths.isEmpty()) {
      err.println(Failure.line(folders + ": expected at least one case but got none"));
      return Allclose.UNUSABLE;
    }
    Optional<Path> file = against.get();
    Optional<WeightSource> weights =
        file.isPresent() ? Optional.of(layout.open(file.get())) : Optional.empty();
    Set<Path> ambiguous = ambiguous(paths);
    List<CaseReport> reports = new ArrayList<>();
    List<String> others = new ArrayList<>();
    int unusable = 0;
    for (Path path : paths) {
      try {
        RecordedCase recorded = CaseFile.read(path);
        if (!CaseRunner.knows(recorded)) {
          others.add(recorded.name());
          continue;
        }
        if (ambiguous.contains(path)) {
          recorded = recorded.withName(path.toString());
        }
        recorded = match.get().map(recorded::withMatch).orElse(recorded);
        if (weights.isPresent()) {
          recorded = recorded.withWeights(network -> layout.adapt(weights.get(), network));
        }
        CaseReport report = CaseRunner.run(recorded);
        reports.add(
            report.matches()
                ? report.withSmallestChange(Sensitivity.of(recorded, report))
                : report);
      } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
        err.println(Failure.line(path + ": " + Failure.message(e)));
        unusable++;
      }
    }
    if (!reports.isEmpty()) {
      out.print(Colours.of(ReportTable.print(reports)));
    }
    if (!others.isEmpty()) {
      out.println(
          Printable.of("skipped " + others + ": functions that only a @ParityTest can compute"));
    }
    if (unusable > 0) {
      err.println(Failure.line(unusable + " of " + paths.size() + " cases are unusable"));
      return Allclose.UNUSABLE;
    }
    if (reports.isEmpty()) {
      err.println(Failure.line(folders + ": expected at least one case that can be replayed here"));
      return Allclose.UNUSABLE;
    }
    reportFiles.write(reports);
    return reports.stream().allMatch(CaseReport::matches) ? Allclose.GOOD : Allclose.MISMATCH;
  }

  /** Returns the folders of cases that another one has the name of: their paths tell them apart. */
  private static Set<Path> ambiguous(List<Path> paths) {
    Set<Path> names = new HashSet<>();
    Set<Path> twice = new HashSet<>();
    for (Path path : paths) {
      if (!names.add(path.getFileName())) {
        twice.add(path.getFileName());
      }
    }
    return paths.stream()
        .filter(path -> twice.contains(path.getFileName()))
        .collect(Collectors.toSet());
  }
}
