package org.allclose.cli;

import picocli.CommandLine.Help.Ansi;

/** Colours of verdicts, on a terminal alone. */
final class Colours {
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  private Colours() {}

  /** Returns the text as the terminal is to have it; unchanged if there is none. */
  static String of(String report) {
    return of(report, Ansi.AUTO.enabled());
  }

  static String of(String report, boolean coloured) {
    return coloured
        ? report
            .replaceAll("(?m)(FAILED)( |$)", RED + "$1" + PLAIN + "$2")
            .replaceAll("(?m) ok$", " " + GREEN + "ok" + PLAIN)
        : report;
  }
}
