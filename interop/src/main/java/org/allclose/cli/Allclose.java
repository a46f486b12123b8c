package org.allclose.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:good", "1:a mismatch", "2:unusable input or usage"})
public final class Allclose implements Runnable {
  static final int GOOD = 0;
  static final int MISMATCH = 1;
  static final int UNUSABLE = 2;

  /** The commands in the order of the help text. */
  private static final Map<String, Supplier<Callable<Integer>>> COMMANDS = commands();

  @Spec private CommandSpec spec;

  private Allclose() {}

  private static Map<String, Supplier<Callable<Integer>>> commands() {
    Map<String, Supplier<Callable<Integer>>> commands = new LinkedHashMap<>();
    commands.put("check", CheckCommand::new);
    commands.put("diff", DiffCommand::new);
    commands.put("show", ShowCommand::new);
    commands.put("convert", ConvertCommand::new);
    commands.put("predict", PredictCommand::new);
    commands.put("gradients", GradientsCommand::new);
    commands.put("summary", SummaryCommand::new);
    commands.put("train", TrainCommand::new);
    return commands;
  }

  public static void main(String[] arguments) {
    CommandLine commandLine = commandLine(arguments);
    int status = commandLine.execute(arguments);
    commandLine.getOut().flush();
    System.exit(status);
  }

  /**
   * Returns the command, ready to be run with other output streams.
   *
   * @param arguments if they start with the name of a subcommand, the command has that one alone:
   *     to look at the options of all takes longer than most of them run
   */
  static CommandLine commandLine(String... arguments) {
    CommandLine commandLine = new CommandLine(new Allclose());
    COMMANDS.forEach(
        (name, maker) -> {
          if (arguments.length == 0
              || !COMMANDS.containsKey(arguments[0])
              || name.equals(arguments[0])) {
            commandLine.addSubcommand(name, maker.get());
          }
        });
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          if (isAboutInput(exception)) {
            command.getErr().println("allclose: " + message(exception));
          } else {
            exception.printStackTrace(command.getErr());
          }
          return UNUSABLE;
        });
    return commandLine;
  }

  /** Returns whether an error speaks of what the command was given, rather than of a fault here. */
  private static boolean isAboutInput(Exception exception) {
    return exception instanceof IOException
        || exception instanceof UncheckedIOException
        || exception instanceof IllegalArgumentException
        || exception instanceof IllegalStateException
        || exception instanceof ArithmeticException;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  /** Returns an error's text; where the JDK gives a file's name alone, what is wrong with it. */
  static String message(Exception exception) {
    String text = String.valueOf(exception.getMessage());
    if (exception instanceof NoSuchFileException && !text.contains(": ")) {
      return text + ": expected a file but there is none";
    }
    if (exception instanceof AccessDeniedException && !text.contains(": ")) {
      return text + ": expected access but it is denied";
    }
    return text;
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
