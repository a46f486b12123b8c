package org.allclose.cli;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code allclose}.
 *
 * <p>Exit status: 0 good, 1 a mismatch, 2 unusable input or usage.
 */
@Command(
    name = "allclose",
    description = "Neural networks in Java whose bits are numpy's.",
    mixinStandardHelpOptions = true,
    versionProvider = Allclose.Version.class,
    subcommands = {
      CheckCommand.class,
      ShowCommand.class,
      ConvertCommand.class,
      PredictCommand.class,
      GradientsCommand.class,
      SummaryCommand.class
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:good", "1:a mismatch", "2:unusable input or usage"})
public final class Allclose implements Runnable {
  static final int GOOD = 0;
  static final int MISMATCH = 1;
  static final int UNUSABLE = 2;

  @Spec private CommandSpec spec;

  private Allclose() {}

  public static void main(String[] arguments) {
    CommandLine commandLine = commandLine();
    int status = commandLine.execute(arguments);
    commandLine.getOut().flush();
    System.exit(status);
  }

  /** Returns the command with its subcommands, ready to be run with other output streams. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Allclose());
    commandLine.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          if (exception instanceof IOException
              || exception instanceof IllegalArgumentException
              || exception instanceof IllegalStateException) {
            command.getErr().println("allclose: " + message(exception));
            return UNUSABLE;
          }
          throw exception;
        });
    return commandLine;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  /** Returns an error's text; a bare file name, as the JDK gives it, gets its kind put behind. */
  static String message(Exception exception) {
    String text = String.valueOf(exception.getMessage());
    return exception.getClass().getName().startsWith("java.nio.file.") && !text.contains(": ")
        ? text + ": " + exception.getClass().getSimpleName().replaceAll("Exception$", "")
        : text;
  }

  /** Says which version this is. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Allclose.class.getPackage().getImplementationVersion();
      return new String[] {"allclose " + (version == null ? "(not packaged)" : version)};
    }
  }
}
