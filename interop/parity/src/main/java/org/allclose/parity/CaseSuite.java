package org.allclose.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.allclose.NetworkSpec;
import org.allclose.WeightSource;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;

/**
 * All cases below some folders, to be run one after another; one that is unusable stops no other.
 *
 * <pre>{@code
 * CaseSuite.Outcome outcome = CaseSuite.below(List.of(Path.of("testdata"))).run();
 * System.out.print(ReportFormat.TABLE.print(outcome.reports()));
 * }</pre>
 */
public final class CaseSuite {

  /**
   * What came of a run.
   *
   * @param reports of the cases that were run
   * @param skipped the names of cases of functions that only a parity test can compute
   * @param unusable why cases could not be read or run, by their folders
   */
  public record Outcome(
      List<CaseReport> reports, List<String> skipped, Map<Path, Throwable> unusable) {

    /** Returns whether every case that was run matches. */
    public boolean matches() {
      return reports.stream().allMatch(CaseReport::matches);
    }
  }

  private final List<Path> folders;
  private final List<UnaryOperator<RecordedCase>> changes;

  private CaseSuite(List<Path> folders, List<UnaryOperator<RecordedCase>> changes) {
    this.folders = folders;
    this.changes = changes;
  }

  /**
   * Finds the cases in and below folders.
   *
   * @throws IOException if a folder is missing or cannot be read, or there is no case
   */
  public static CaseSuite below(List<Path> parents) throws IOException {
    List<Path> folders = new ArrayList<>();
    for (Path parent : parents) {
      folders.addAll(CaseFile.below(parent));
    }
    if (folders.isEmpty()) {
      throw new IOException(parents + ": expected at least one case but got none");
    }
    return new CaseSuite(folders, List.of());
  }

  /** Returns the same cases, all of whose tensors must be as near as the given match says. */
  public CaseSuite withMatch(Match match) {
    return changed(recorded -> recorded.withMatch(match));
  }

  /**
   * Returns the same cases, which have to be of networks, with other parameters.
   *
   * @param weights gives the parameters for a network
   */
  public CaseSuite withWeights(Function<NetworkSpec, ? extends WeightSource> weights) {
    return changed(recorded -> recorded.withWeights(weights));
  }

  /** Returns how many cases there are. */
  public int size() {
    return folders.size();
  }

  /** Reads and runs all cases; of those that match, tries what they would have seen. */
  public Outcome run() {
    Set<Path> ambiguous = ambiguous();
    List<CaseReport> reports = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    Map<Path, Throwable> unusable = new LinkedHashMap<>();
    for (Path folder : folders) {
      try {
        RecordedCase recorded = CaseFile.read(folder);
        if (CaseRunner.knows(recorded)) {
          String name = ambiguous.contains(folder) ? folder.toString() : recorded.name();
          reports.add(run(recorded.withName(name)));
        } else {
          skipped.add(recorded.name());
        }
      } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
        unusable.put(folder, e);
      }
    }
    return new Outcome(reports, skipped, unusable);
  }

  private CaseReport run(RecordedCase recorded) {
    RecordedCase changed = recorded;
    for (UnaryOperator<RecordedCase> change : changes) {
      changed = change.apply(changed);
    }
    CaseReport report = CaseRunner.run(changed);
    return report.matches() ? report.withSmallestChange(Sensitivity.of(changed, report)) : report;
  }

  private CaseSuite changed(UnaryOperator<RecordedCase> change) {
    List<UnaryOperator<RecordedCase>> all = new ArrayList<>(changes);
    all.add(change);
    return new CaseSuite(folders, List.copyOf(all));
  }

  /** Returns the folders of cases that another one has the name of: their paths tell them apart. */
  private Set<Path> ambiguous() {
    Set<Path> names = new HashSet<>();
    Set<Path> twice = new HashSet<>();
    for (Path folder : folders) {
      if (!names.add(folder.getFileName())) {
        twice.add(folder.getFileName());
      }
    }
    return folders.stream()
        .filter(folder -> twice.contains(folder.getFileName()))
        .collect(Collectors.toSet());
  }
}
