package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a run of the command gave. */
record CommandRun(int status, String out, String err) {

  /** Runs a command in this JVM. */
  static CommandRun of(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Allclose.commandLine(texts);
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    int status = command.execute(texts);
    return new CommandRun(status, out.toString(), err.toString());
  }

  /** Runs a command that has to end with status 2 and one line that says why. */
  static void assertUnusable(String message, Object... arguments) {
    CommandRun run = of(arguments);
    assertEquals("allclose: " + message + "\n", run.err);
    assertEquals("", run.out);
    assertEquals(2, run.status);
  }
}
