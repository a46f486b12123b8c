package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportFormat;

/** The options that say where reports are written. */
final class ReportOptions {
  private final Subcommand command;
  private final Supplier<Optional<Path>> json;
  private final Supplier<Optional<Path>> html;
  private final Supplier<Optional<Path>> junit;

  ReportOptions(Subcommand command) {
    this.command = command;
    json =
        command.writes(command.optional(Path.class, "--json", "FILE", "Write the report as JSON."));
    html =
        command.writes(
            command.optional(
                Path.class,
                "--html",
                "FILE",
                "Write the report as a page to read, with charts; it needs no other file."));
    junit =
        command.writes(
            command.optional(
                Path.class,
                "--junit",
                "FILE",
                "Write the report as JUnit's XML, for build servers."));
  }

  /** Writes what was asked for, behind what was printed if one goes to standard output. */
  void write(List<CaseReport> reports) throws IOException {
    command.out().flush();
    write(ReportFormat.JSON, json, reports);
    write(ReportFormat.HTML, html, reports);
    write(ReportFormat.JUNIT, junit, reports);
  }

  private static void write(
      ReportFormat format, Supplier<Optional<Path>> file, List<CaseReport> reports)
      throws IOException {
    if (file.get().isPresent()) {
      format.write(file.get().get(), reports);
    }
  }
}
