package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What commands know of their files before they start; over all commands and all their options. */
class CommandFilesTest {
  private static final Path DIGITS = TestData.fixtures().resolve("digits");

  @TempDir Path folder;

  private static List<CommandSpec> commands() {
    return Allclose.commandLine().getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .toList();
  }

  private static CommandFiles files(CommandSpec command) {
    return ((Subcommand.Checked) command.userObject()).command().files();
  }

  private static String name(ArgSpec argument) {
    return argument.isOption() ? ((OptionSpec) argument).longestName() : argument.paramLabel();
  }

  @Test
  void eachFileOfEachCommand_isReadOrWritten() {
    List<String> files = new ArrayList<>();
    for (CommandSpec command : commands()) {
      for (ArgSpec argument : command.args()) {
        boolean isFile =
            Stream.concat(Stream.of(argument.type()), Arrays.stream(argument.auxiliaryTypes()))
                .anyMatch(type -> type == Path.class || type == File.class);
        CommandFiles declared = files(command);
        int times =
            (declared.inputs().contains(argument) ? 1 : 0)
                + (declared.outputs().contains(argument) ? 1 : 0);
        assertEquals(isFile ? 1 : 0, times, command.name() + " " + name(argument));
        if (isFile) {
          files.add(command.name() + " " + name(argument));
        }
      }
    }
    assertTrue(files.containsAll(List.of("predict --output", "gradients --upstream")), "" + files);
  }

  /** Each pair of an output and an input, or of two outputs, of each command. */
  static List<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (CommandSpec command : commands()) {
      CommandFiles files = files(command);
      for (ArgSpec output : files.outputs()) {
        for (ArgSpec input : files.inputs()) {
          pairs.add(Arguments.of(command.name(), name(output), name(input)));
        }
        for (ArgSpec other : files.outputs()) {
          if (files.outputs().indexOf(other) < files.outputs().indexOf(output)) {
            pairs.add(Arguments.of(command.name(), name(output), name(other)));
          }
        }
      }
    }
    return pairs;
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void oneFileForTwo_isRefused_underAnyName(String name, String output, String other)
      throws IOException {
    CommandSpec command = command(name);
    boolean isFolder = other.equals("DIR");
    Path file = folder.resolve(isFolder ? "cases/a/case.json" : "file" + suffix(other));
    Files.createDirectories(file.getParent());
    Files.writeString(file, "precious");
    List<Path> names = new ArrayList<>();
    names.add(Files.createLink(folder.resolve("hard" + suffix(output)), file));
    names.add(Files.createSymbolicLink(folder.resolve("link" + suffix(output)), file));
    if (suffix(output).equals(suffix(other))) {
      names.add(file);
      names.add(folder.resolve("x/..").resolve(folder.relativize(file)));
      Files.createDirectory(folder.resolve("x"));
    }
    boolean isRead = files(command).inputs().stream().anyMatch(read -> name(read).equals(other));
    List<String> before = contents();
    for (Path same : names) {
      Path given = isFolder ? folder.resolve("cases") : file;
      assertEquals(
          isRead
              ? String.format(
                  Locale.ROOT,
                  "allclose: %s: expected a file that is not read but got %s, which %s reads\n",
                  output,
                  same,
                  other)
              : String.format(
                  Locale.ROOT,
                  "allclose: %s: expected another file than %s but got %s\n",
                  output,
                  other,
                  same),
          refused(arguments(command, Map.of(output, same, other, given))));
      assertEquals(before, contents());
    }
  }

  @Test
  void oneNewFileForTwoOutputs_isRefused() {
    String report = folder.resolve("report").toString();
    assertEquals(
        "allclose: --html: expected another file than --json but got " + report + "\n",
        refused(List.of("check", DIGITS.toString(), "--json", report, "--html", report)));
  }

  @Test
  void outputInACase_isRefused() throws IOException {
    Path recorded = Files.createDirectories(folder.resolve("cases/a"));
    Files.createFile(recorded.resolve("case.json"));
    String report = recorded.resolve("report.html").toString();
    assertEquals(
        "allclose: --html: expected a file that is not read but got "
            + report
            + ", which DIR reads\n",
        refused(List.of("check", folder.toString(), "--html", report)));
  }

  /** Each output of each command. */
  static List<Arguments> outputs() {
    return commands().stream()
        .flatMap(
            command ->
                files(command).outputs().stream()
                    .map(output -> Arguments.of(command.name(), name(output))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void outputThatCannotBeWritten_isRefused_beforeAnythingIsRead(String name, String output)
      throws IOException {
    CommandSpec command = command(name);
    Path none = folder.resolve("none/x" + suffix(output));
    assertEquals(
        "allclose: " + none + ": cannot be written: there is no folder " + none.getParent() + "\n",
        refused(arguments(command, Map.of(output, none))));
    Path directory = Files.createDirectory(folder.resolve("folder" + suffix(output)));
    assertEquals(
        "allclose: " + directory + ": cannot be written: it is a folder\n",
        refused(arguments(command, Map.of(output, directory))));
    assertEquals(List.of(directory.getFileName() + "/"), contents());
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void outputOfAnotherFormat_isRefused(String name, String output) throws IOException {
    String suffix = suffix(output);
    if (suffix.isEmpty()) {
      return;
    }
    Path other = folder.resolve("x" + suffix.toUpperCase(Locale.ROOT));
    String either =
        switch (name + " " + output) {
          case "convert OUT", "predict --output" -> ".npy or .npz";
          case "train --plot" -> ".png or .svg";
          default -> ".npz";
        };
    assertEquals(
        String.format(
            Locale.ROOT,
            "allclose: %s: expected the name of a %s file but got %s\n",
            output,
            either,
            other),
        refused(arguments(command(name), Map.of(output, other))));
    assertEquals(List.of(), contents());
  }

  @Test
  void devices_areForAnyOutput_severalTimes() throws IOException {
    Path none = Path.of("/dev/null");
    assumeTrue(Files.isWritable(none), "skipped: no /dev/null here");
    // Only names are asked here: nothing is written, since there are no cases.
    assertEquals(
        "allclose: [" + folder + "]: expected at least one case but got none\n",
        refused(List.of("check", folder.toString(), "--json", "/dev/null", "--html", "/dev/null")));
  }

  @Test
  void appendedFile_needsNoRoomBesideIt() throws IOException {
    // A link into a folder without one.
    Path log = Files.writeString(folder.resolve("log"), "line\n");
    assertEquals(
        String.format(
            Locale.ROOT,
            "allclose: %s: expected a file but there is none\n",
            folder.resolve("network")),
        refused(arguments(command("train"), Map.of("--log", log))));
    assertEquals("line\n", Files.readString(log));
  }

  private static CommandSpec command(String name) {
    return Allclose.commandLine().getSubcommands().get(name).getCommandSpec();
  }

  /** Returns a suffix that an output has to have. */
  private static String suffix(String argument) {
    return switch (argument) {
      case "--plot" -> ".png";
      case "--output", "--checkpoint", "OUT" -> ".npz";
      default -> "";
    };
  }

  /** Returns a command line with all that it needs and some arguments with given files. */
  private List<String> arguments(CommandSpec command, Map<String, Path> files) {
    List<String> arguments = new ArrayList<>(List.of(command.name()));
    for (ArgSpec argument : command.args()) {
      String name = name(argument);
      // Of those that exclude each other, one.
      boolean isNeeded =
          argument.group() == null
              ? argument.required() || !argument.isOption()
              : name.equals("--labels") && !files.containsKey("--upstream");
      if (!isNeeded && !files.containsKey(name)) {
        continue;
      }
      if (argument.isOption()) {
        arguments.add(name);
      }
      Path other = folder.resolve(name.replace("-", "") + suffix(name));
      arguments.add(files.getOrDefault(name, other).toString());
    }
    return arguments;
  }

  private static String refused(List<String> arguments) {
    StringWriter err = new StringWriter();
    CommandLine command = Allclose.commandLine(arguments.toArray(String[]::new));
    command.setOut(new PrintWriter(new StringWriter()));
    command.setErr(new PrintWriter(err, true));
    assertEquals(2, command.execute(arguments.toArray(String[]::new)), err.toString());
    return err.toString();
  }

  /** Returns all there is, with what is in it. */
  private List<String> contents() throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(path -> !path.equals(folder)).sorted().toList()) {
        String name = folder.relativize(path).toString();
        all.add(Files.isDirectory(path) ? name + "/" : name + ": " + Files.readString(path));
      }
    }
    return all;
  }
}
