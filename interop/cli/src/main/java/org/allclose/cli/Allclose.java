package org.allclose.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.allclose.parity.recording.Match;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The command {@code allclose}.
 *
 * <p>Exit status: 0 good, 1 a mismatch, 2 unusable input, usage or resources, with one line that
 * says why; as other programs, 141 where the reader of its output went away.
 */
public final class Allclose {
  static final int GOOD = 0;
  static final int MISMATCH = 1;
  static final int UNUSABLE = 2;

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
    codes.put("" + UNUSABLE, "unusable input, usage or resources");
    return codes;
  }

  public static void main(String[] arguments) {
    StandardOutput standard = StandardOutput.open();
    PrintWriter out = standard.writer();
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = run(out, err, arguments);
    out.flush();
    System.exit(standard.status(status, err));
  }

  /** Runs a command and returns its status; whatever goes wrong is one line of {@code err}. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    try {
      CommandLine commandLine = commandLine(arguments);
      commandLine.setOut(out);
      commandLine.setErr(err);
      return commandLine.execute(arguments);
    } catch (Throwable thrown) { // memory and stack can end anywhere
      err.println(Failure.line(thrown));
      return UNUSABLE;
    }
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
    commandLine.setExpandAtFiles(false); // a file may be called @x, and none is to be read here
    ErrorReporter reporter = new ErrorReporter();
    commandLine.setExecutionExceptionHandler(reporter);
    commandLine.setParameterExceptionHandler(reporter);
    return commandLine;
  }

  /** Says what is wrong. No lambda: those cannot be kept ready in the archive of classes. */
  private static final class ErrorReporter
      implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
    @Override
    public int handleExecutionException(
        Exception exception, CommandLine command, CommandLine.ParseResult parsed) {
      command.getErr().println(Failure.line(exception));
      return UNUSABLE;
    }

    @Override
    public int handleParseException(CommandLine.ParameterException exception, String[] arguments) {
      CommandLine command = exception.getCommandLine();
      String help = command.getCommandSpec().qualifiedName() + " --help";
      command.getErr().println(Failure.line(exception.getMessage() + "; see " + help));
      return UNUSABLE;
    }
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
