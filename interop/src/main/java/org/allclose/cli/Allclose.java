package org.allclose.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.allclose.message.Excerpt;
import org.allclose.parity.Match;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The command {@code allclose}.
 *
 * <p>Exit status: 0 good, 1 a mismatch, 2 unusable input or usage.
 */
public final class Allclose {
  static final int GOOD = 0;
  static final int MISMATCH = 1;
  static final int UNUSABLE = 2;

  /** Of what nobody foresaw: what is long in a message is cut where it is made. */
  private static final int LONGEST_MESSAGE = 20_000;

  private static final Map<String, String> EXIT_CODES = exitCodes();

  /** The commands in the order of the help text. */
  private static final List<String> COMMANDS =
      List.of("check", "diff", "show", "convert", "predict", "gradients", "summary", "train");

  private Allclose() {}

  private static Subcommand subcommand(String name) {
    return switch (name) {
      case "check" -> new CheckCommand();
      case "diff" -> new DiffCommand();
      case "show" -> new ShowCommand();
      case "convert" -> new ConvertCommand();
      case "predict" -> new PredictCommand();
      case "gradients" -> new GradientsCommand();
      case "summary" -> new SummaryCommand();
      case "train" -> new TrainCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("" + GOOD, "good");
    codes.put("" + MISMATCH, "a mismatch");
    codes.put("" + UNUSABLE, "unusable input or usage");
    return codes;
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
    CommandSpec spec = Subcommand.withHelp(CommandSpec.create().name("allclose"));
    spec.usageMessage()
        .description("Neural networks in Java whose bits are numpy's.")
        .exitCodeListHeading("Exit status:%n")
        .exitCodeList(EXIT_CODES);
    boolean one = arguments.length > 0 && COMMANDS.contains(arguments[0]);
    for (String name : one ? List.of(arguments[0]) : COMMANDS) {
      spec.addSubcommand(name, subcommand(name).spec());
    }
    CommandLine commandLine = new CommandLine(spec);
    commandLine.registerConverter(Match.class, new MatchConverter());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(new ErrorReporter());
    return commandLine;
  }

  /** Says what is wrong. No lambda: those cannot be kept ready in the archive of classes. */
  private static final class ErrorReporter implements CommandLine.IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
        Exception exception, CommandLine command, CommandLine.ParseResult parsed) {
      if (isAboutInput(exception)) {
        command.getErr().println("allclose: " + message(exception));
      } else {
        exception.printStackTrace(command.getErr());
      }
      return UNUSABLE;
    }
  }

  /** Returns whether an error speaks of what the command was given, rather than of a fault here. */
  private static boolean isAboutInput(Exception exception) {
    return exception instanceof IOException
        || exception instanceof UncheckedIOException
        || exception instanceof IllegalArgumentException
        || exception instanceof IllegalStateException
        || exception instanceof ArithmeticException;
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
    return Excerpt.of(text, LONGEST_MESSAGE);
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
