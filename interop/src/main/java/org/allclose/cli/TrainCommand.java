package org.allclose.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.allclose.NetworkSpec;
import org.allclose.table.TextTable;
import org.allclose.train.EpochReport;
import org.allclose.train.GradientFlow;
import org.allclose.train.History;
import org.allclose.train.Trainer;
import org.allclose.training.Checkpoint;
import org.allclose.training.Progress;
import org.allclose.training.TrainingFile;
import org.allclose.training.TrainingLog;
import org.allclose.training.TrainingPlot;
import org.allclose.weights.NetworkFile;
import org.allclose.weights.NumpyTensors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code allclose train}: trains a network and writes its parameters. */
@Command(
    name = "train",
    description = {
      "Train a network from a seed, as the Python reference's solver does, to the bit.",
      "With --checkpoint, a run that was stopped goes on where its last epoch ended."
    },
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--network", required = true, paramLabel = "JSON", description = "Network file.")
  private Path network;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "NPZ",
      description = "Named arrays: samples and labels; the config says which.")
  private Path data;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "JSON",
      description = "Seed, start, data, optimizer, schedule, batches, when to end.")
  private Path config;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "NPZ",
      description = "Where the trained parameters go.")
  private Path output;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "A line for each epoch is added: JSON, or CSV if it is named .csv.")
  private List<Path> logs = new ArrayList<>();

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Charts of loss, accuracy and rate; named .png or .svg.")
  private List<Path> plots = new ArrayList<>();

  @Option(
      names = "--checkpoint",
      paramLabel = "NPZ",
      description = "Written after each epoch; if it is there, the run goes on from it.")
  private Path checkpoint;

  @Option(
      names = "--gradient-flow",
      description = "Print how large the last step's gradients are, and what is wrong with them.")
  private boolean gradientFlow;

  @Override
  public Integer call() throws IOException {
    plots.forEach(TrainingPlot::requireFormat);
    NetworkSpec network = NetworkFile.read(this.network);
    Trainer trainer = TrainingFile.read(config).trainer(network, data);
    if (checkpoint != null) {
      if (Files.exists(checkpoint)) {
        trainer.restore(Checkpoint.read(checkpoint));
      }
      trainer.listen(Checkpoint.every(1, checkpoint));
    }
    List<TrainingLog> open = new ArrayList<>();
    try {
      for (Path log : logs) {
        open.add(TrainingLog.open(log));
      }
      open.forEach(trainer::listen);
      run(trainer);
    } finally {
      for (TrainingLog log : open) {
        log.close();
      }
    }
    NumpyTensors.writeNpz(output, trainer.parameters().asMap());
    for (Path plot : plots) {
      TrainingPlot.write(plot, "Training of " + this.network.getFileName(), trainer.history());
    }
    report(trainer.history());
    if (gradientFlow) {
      report(GradientFlow.of(trainer.parameters(), trainer.gradients()));
    }
    return Allclose.GOOD;
  }

  private static void run(Trainer trainer) {
    if (Ansi.AUTO.enabled()) { // there is a terminal
      try (Progress progress = Progress.of(trainer)) {
        trainer.listen(progress).run();
      }
    } else {
      trainer.run();
    }
  }

  private void report(History history) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "%d steps, loss %.6f%n", history.steps(), history.latestLoss());
    if (!history.epochs().isEmpty()) {
      EpochReport last = history.epochs().get(history.epochs().size() - 1);
      last.accuracy()
          .ifPresent(value -> out.printf(Locale.ROOT, "accuracy in training %.4f%n", value));
      last.validationAccuracy()
          .ifPresent(value -> out.printf(Locale.ROOT, "accuracy in validation %.4f%n", value));
    }
    out.println("wrote " + output);
  }

  private void report(GradientFlow flow) {
    TextTable table =
        TextTable.of("parameter", "norm", "norm of gradient", "zeros in it").alignRight(1, 2, 3);
    for (GradientFlow.Entry entry : flow.entries()) {
      table.add(
          entry.name(),
          String.format(Locale.ROOT, "%.2e", entry.parameterNorm()),
          String.format(Locale.ROOT, "%.2e", entry.norm()),
          String.format(Locale.ROOT, "%.1f %%", 100 * entry.zeros()));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(table);
    flow.warnings().forEach(out::println);
  }
}
