package org.allclose.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.allclose.WeightSource;
import org.allclose.parity.CaseFolders;
import org.allclose.parity.CaseReport;
import org.allclose.parity.Match;
import org.allclose.parity.RecordedCase;
import org.allclose.parity.Replay;
import org.allclose.parity.ReportTable;
import org.allclose.weights.WeightFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code allclose check}: replays recorded cases. */
@Command(
    name = "check",
    description = "Replay every case below the folders and compare Java with what was recorded.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  private static final String DEFAULT_FOLDER = "testdata/fixtures";

  @Parameters(
      paramLabel = "DIR",
      arity = "0..*",
      defaultValue = DEFAULT_FOLDER,
      description = "Folders of cases; default: ${DEFAULT-VALUE}.")
  private List<Path> folders;

  @Option(
      names = "--match",
      paramLabel = "MATCH",
      converter = MatchConverter.class,
      description =
          "How near every tensor must come in this run, whatever its case says: exact, ulps:K or"
              + " rtol:R,atol:A.")
  private Optional<Match> match;

  @Option(
      names = "--against",
      paramLabel = "FILE",
      description =
          "Replay the cases of networks with these weights in place of the recorded ones: do they"
              + " still give what was recorded?")
  private Optional<Path> against;

  @Mixin private LayoutOptions layout;

  @Mixin private ReportOptions reportFiles;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<Path> paths = new ArrayList<>();
    for (Path folder : folders) {
      paths.addAll(CaseFolders.below(folder));
    }
    if (paths.isEmpty()) {
      err.println("allclose: " + folders + ": expected at least one case but got none");
      return Allclose.UNUSABLE;
    }
    Optional<WeightSource> weights =
        against.isPresent() ? Optional.of(WeightFiles.open(against.get())) : Optional.empty();
    List<CaseReport> reports = new ArrayList<>();
    List<String> others = new ArrayList<>();
    int unusable = 0;
    for (Path path : paths) {
      try {
        RecordedCase recorded = RecordedCase.read(path);
        if (!Replay.knows(recorded)) {
          others.add(recorded.name());
          continue;
        }
        recorded = match.isPresent() ? recorded.withMatch(match.get()) : recorded;
        if (weights.isPresent()) {
          recorded = recorded.withWeights(network -> layout.adapt(weights.get(), network));
        }
        reports.add(Replay.run(recorded));
      } catch (IOException | IllegalArgumentException | IllegalStateException e) {
        err.println("allclose: " + path + ": " + Allclose.message(e));
        unusable++;
      }
    }
    if (!reports.isEmpty()) {
      out.print(Colours.of(ReportTable.print(reports)));
    }
    if (!others.isEmpty()) {
      out.println("skipped " + others + ": functions that only a @ParityTest can compute");
    }
    reportFiles.write(reports);
    if (unusable > 0) {
      err.println("allclose: " + unusable + " of " + paths.size() + " cases are unusable");
      return Allclose.UNUSABLE;
    }
    if (reports.isEmpty()) {
      err.println(
          "allclose: " + folders + ": expected at least one case that can be replayed here");
      return Allclose.UNUSABLE;
    }
    return reports.stream().allMatch(CaseReport::matches) ? Allclose.GOOD : Allclose.MISMATCH;
  }
}
