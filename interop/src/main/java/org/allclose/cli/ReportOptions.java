package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.allclose.jnpy.AtomicFile;
import org.allclose.json.Json;
import org.allclose.parity.CaseReport;
import org.allclose.parity.ReportHtml;
import org.allclose.parity.ReportJson;
import org.allclose.parity.ReportXml;
import picocli.CommandLine.Option;

/** The options that say where reports are written. */
final class ReportOptions {

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
  private Optional<Path> json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the report as a page to read, with charts; it needs no other file.")
  private Optional<Path> html;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the report as JUnit's XML, for build servers.")
  private Optional<Path> junit;

  /** Writes what was asked for. */
  void write(List<CaseReport> reports) throws IOException {
    if (json.isPresent()) {
      Json.write(json.get(), ReportJson.of(reports));
    }
    if (html.isPresent()) {
      AtomicFile.writeText(html.get(), ReportHtml.of(reports));
    }
    if (junit.isPresent()) {
      AtomicFile.writeText(junit.get(), ReportXml.of(reports));
    }
  }
}
