package org.allclose.parity.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.allclose.internal.file.AtomicFile;
import org.allclose.internal.json.JsonFile;

/** How reports are printed: for people, for programs, for build servers. */
public enum ReportFormat {

  /** Text: a table with a row a tensor, what failed in full below it, and the total. */
  TABLE,

  /** One page for people that needs no other file: style, tables and charts. */
  HTML,

  /** JSON of the format {@code allclose-report/1}. */
  JSON,

  /** XML as JUnit writes it, which build servers read: a suite a case, a test a comparison. */
  JUNIT;

  /** Returns reports as text, with a line feed at its end. */
  public String print(List<CaseReport> reports) {
    return switch (this) {
      case TABLE -> ReportTable.print(reports);
      case HTML -> ReportHtml.of(reports);
      case JSON -> JsonFile.print(ReportJson.of(reports));
      case JUNIT -> ReportXml.of(reports);
    };
  }

  /**
   * Writes reports to a file, in UTF-8; it appears whole or not at all.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path file, List<CaseReport> reports) throws IOException {
    AtomicFile.writeText(file, print(reports));
  }
}
