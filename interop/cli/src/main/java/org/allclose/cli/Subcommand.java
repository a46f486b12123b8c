package org.allclose.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A subcommand: what it takes, and what it does.
 *
 * <p>Each option is a field that has its value once the command is called. They are said in code
 * and not in annotations, since to read annotations takes longer than most commands run.
 */
abstract class Subcommand implements Callable<Integer> {
  private final CommandSpec spec;
  private final CommandFiles files = new CommandFiles();
  private int places;

  Subcommand(String name, String... description) {
    spec = withHelp(CommandSpec.wrapWithoutInspection(new Checked(this)).name(name));
    spec.usageMessage().description(description);
  }

  /** Does the work of a command once its files are checked. */
  record Checked(Subcommand command) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      command.files.check();
      return command.call();
    }
  }

  /** Adds the options that every command has. */
  static CommandSpec withHelp(CommandSpec spec) {
    return spec.addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print version information and exit.")
                .build())
        .versionProvider(new Allclose.Version());
  }

  final CommandSpec spec() {
    return spec;
  }

  /** Returns which files the command reads and writes. */
  final CommandFiles files() {
    return files;
  }

  /** Declares that the files of an argument are read. */
  final <T> Argument<T> reads(Argument<T> argument) {
    files.reads(argument.spec());
    return argument;
  }

  /**
   * Declares that the files of an argument are written.
   *
   * @param suffixes how their names have to end, such as {@code .npz}; anyhow, if there are none
   */
  final <T> Argument<T> writes(Argument<T> argument, String... suffixes) {
    files.writes(argument.spec(), suffixes);
    return argument;
  }

  /** Declares that lines are added to the files of an argument. */
  final <T> Argument<T> appends(Argument<T> argument) {
    files.appends(argument.spec());
    return argument;
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Adds an argument told by its place, after those added before it. */
  final <T> Argument<T> argument(Class<T> type, String label, String description) {
    return add(PositionalParamSpec.builder().index("" + places++).type(type), label, description);
  }

  /** Adds the last arguments; a null default asks for at least one. */
  final <T> Argument<List<T>> arguments(
      Class<T> type, String label, String defaultValue, String description) {
    return add(
        PositionalParamSpec.builder()
            .index(places + "..*")
            .arity(defaultValue == null ? "1..*" : "0..*")
            .type(List.class)
            .auxiliaryTypes(type)
            .defaultValue(defaultValue),
        label,
        description);
  }

  private <T> Argument<T> add(
      PositionalParamSpec.Builder builder, String label, String description) {
    PositionalParamSpec argument = builder.paramLabel(label).description(description).build();
    spec.addPositional(argument);
    return new Value<>(argument);
  }

  /** Adds an option without a value. */
  final Supplier<Boolean> flag(String name, String description) {
    return add(
        OptionSpec.builder(name)
            .type(boolean.class)
            .defaultValue("false")
            .description(description));
  }

  /** Adds an option that has to be given. */
  final <T> Argument<T> required(Class<T> type, String name, String label, String... description) {
    return add(option(type, name, label, description).required(true));
  }

  /** Adds an option that may be left out. */
  final <T> Argument<Optional<T>> optional(
      Class<T> type, String name, String label, String... description) {
    Argument<T> value = add(option(type, name, label, description));
    return new Converted<>(value, Optional::ofNullable);
  }

  /** Adds an option that has a value even if it is left out. */
  final <T> Argument<T> withDefault(
      String defaultValue, Class<T> type, String name, String label, String... description) {
    return add(option(type, name, label, description).defaultValue(defaultValue));
  }

  /** Adds an option that may be given several times, or never. */
  final <T> Argument<List<T>> repeated(
      Class<T> type, String name, String label, String... description) {
    Argument<List<T>> values =
        add(option(List.class, name, label, description).auxiliaryTypes(type));
    return new Converted<>(values, value -> value == null ? List.of() : value);
  }

  /** Adds an option that may be given several times, each with a key and a value. */
  final Supplier<Map<String, String>> pairs(String name, String label, String... description) {
    Supplier<Map<String, String>> values =
        add(option(Map.class, name, label, description).auxiliaryTypes(String.class, String.class));
    return () -> Optional.ofNullable(values.get()).orElse(Map.of());
  }

  /** Adds options of which exactly one has to be given. */
  final void oneOf(OptionSpec... options) {
    ArgGroupSpec.Builder group = ArgGroupSpec.builder().exclusive(true).multiplicity("1");
    for (OptionSpec option : options) {
      group.addArg(option);
    }
    spec.addArgGroup(group.build());
  }

  /** Returns an option that is not yet added. */
  static OptionSpec.Builder option(
      Class<?> type, String name, String label, String... description) {
    return OptionSpec.builder(name).type(type).paramLabel(label).description(description);
  }

  private <T> Argument<T> add(OptionSpec.Builder builder) {
    OptionSpec option = builder.build();
    spec.addOption(option);
    return new Value<>(option);
  }

  /** What an argument was given, and which one it is. */
  interface Argument<T> extends Supplier<T> {
    ArgSpec spec();
  }

  /** An argument as it is. No lambda: those cannot be kept ready in the archive of classes. */
  private record Value<T>(ArgSpec spec) implements Argument<T> {
    @Override
    public T get() {
      return spec.getValue();
    }
  }

  /** An argument of which commands see something else. */
  private record Converted<S, T>(Argument<S> argument, Function<S, T> conversion)
      implements Argument<T> {
    @Override
    public ArgSpec spec() {
      return argument.spec();
    }

    @Override
    public T get() {
      return conversion.apply(argument.get());
    }
  }
}
