package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.allclose.jnpy.AtomicFile;
import org.allclose.json.Json;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportHtml;
import org.allclose.parity.report.ReportJson;
import org.allclose.parity.report.ReportXml;

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
    if (json.get().isPresent()) {
      Json.write(json.get().get(), ReportJson.of(reports));
    }
    if (html.get().isPresent()) {
      AtomicFile.writeText(html.get().get(), ReportHtml.of(reports));
    }
    if (junit.get().isPresent()) {
      AtomicFile.writeText(junit.get().get(), ReportXml.of(reports));
    }
  }
}
