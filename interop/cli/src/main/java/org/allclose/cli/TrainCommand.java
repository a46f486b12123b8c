package org.allclose.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.allclose.NetworkSpec;
import org.allclose.internal.message.TextTable;
import org.allclose.internal.text.Decimal;
import org.allclose.internal.text.Printable;
import org.allclose.network.NetworkFile;
import org.allclose.train.GradientFlow;
import org.allclose.train.History;
import org.allclose.train.History.EpochReport;
import org.allclose.train.Trainer;
import org.allclose.training.Checkpoint;
import org.allclose.training.TrainingFile;
import org.allclose.training.TrainingLog;
import org.allclose.weights.NumpyTensors;
import picocli.CommandLine.Help.Ansi;

/** {@code allclose train}: trains a network and writes its parameters. */
final class TrainCommand extends Subcommand {
  private final Supplier<Path> network =
      reads(required(Path.class, "--network", "JSON", "Network file."));
  private final Supplier<Path> data =
      reads(
          required(
              Path.class,
              "--data",
              "NPZ",
              "Named arrays: samples and labels; the config says which."));
  private final Supplier<Path> config =
      reads(
          required(
              Path.class,
              "--config",
              "JSON",
              "Seed, start, data, optimizer, schedule, batches, when to end."));
  private final Supplier<Path> output =
      writes(required(Path.class, "--output", "NPZ", "Where the trained parameters go."), ".npz");
  private final Supplier<List<Path>> logs =
      appends(
          repeated(
              Path.class,
              "--log",
              "FILE",
              "A line for each epoch is added: JSON, or CSV if it is named .csv."));
  private final Supplier<List<Path>> plots =
      writes(
          repeated(
              Path.class,
              "--plot",
              "FILE",
              "Charts of loss, accuracy and rate; named .png or .svg."),
          ".png",
          ".svg");
  private final Supplier<Optional<Path>> checkpoint =
      writes(
          optional(
              Path.class,
              "--checkpoint",
              "NPZ",
              "Written after each epoch and at Ctrl-C; if it is there, the run goes on from it."),
          ".npz");
  private final Supplier<Boolean> resumeWithChanges =
      flag(
          "--resume-with-changes",
          "Go on from a checkpoint of a run with other settings, which is refused else.");
  private final Supplier<Boolean> gradientFlow =
      flag(
          "--gradient-flow",
          "Print how large the last step's gradients are, and what is wrong with them; nothing"
              + " where no step was left to do.");

  TrainCommand() {
    super(
        "train",
        "Train a network from a seed, as the Python reference's solver does, to the bit.",
        "With --checkpoint, a run that was stopped or killed goes on, to the same bits. Ctrl-C and kill"
            + " let it finish its step and save; the exit status is then 128 and the signal's number.");
  }

  @Override
  public Integer call() throws IOException {
    List<Path> plots = this.plots.get();
    NetworkSpec network = NetworkFile.read(this.network.get());
    Trainer trainer = TrainingFile.read(config.get()).trainer(network, data.get());
    trainer.notes().forEach(note -> err().println("allclose: " + config.get() + ": " + note));
    resume(trainer);
    List<TrainingLog> open = new ArrayList<>();
    try (EndSignals signals = EndSignals.listen(() -> requestEnd(trainer))) {
      for (Path log : logs.get()) {
        open.add(TrainingLog.open(log));
        open.get(open.size() - 1).addMissing(trainer.history());
      }
      open.forEach(trainer::listen);
      run(trainer);
      if (!trainer.hasEnded()) {
        return interrupted(trainer, signals);
      }
    } finally {
      for (TrainingLog log : open) {
        log.close();
      }
    }
    NumpyTensors.writeNpz(output.get(), trainer.parameters().asMap());
    String title = Printable.of("Training of " + this.network.get().getFileName());
    for (Path plot : plots) {
      TrainingPlot.write(plot, title, trainer.history());
    }
    report(trainer.history());
    if (gradientFlow.get() && trainer.hasGradients()) {
      report(GradientFlow.of(trainer.parameters(), trainer.gradients()));
    }
    return Allclose.GOOD;
  }

  /** Goes on from the checkpoint if it is there, and lets the run write it from now on. */
  private void resume(Trainer trainer) throws IOException {
    if (checkpoint.get().isEmpty()) {
      if (resumeWithChanges.get()) {
        throw new IllegalArgumentException(
            "--resume-with-changes: expected --checkpoint beside it");
      }
      return;
    }
    Path file = checkpoint.get().get();
    if (Files.exists(file)) {
      List<String> changes = List.of();
      if (resumeWithChanges.get()) {
        changes = Checkpoint.resumeWithChanges(file, trainer);
      } else {
        Checkpoint.resume(file, trainer);
      }
      String place = trainer.hasEnded() ? "its end" : "epoch " + epoch(trainer);
      out().println("resumed at " + place + ", after " + trainer.history().steps() + " steps");
      changes.forEach(change -> out().println("changed: " + change));
      out().flush();
    }
    trainer.listen(Checkpoint.every(1, file));
  }

  /** Returns the number of the epoch that the next step belongs to. */
  private static int epoch(Trainer trainer) {
    return trainer.history().epochs().size() + 1;
  }

  private void requestEnd(Trainer trainer) {
    trainer.stop();
    err().println("allclose: to end after this step; another signal ends at once");
    err().flush();
  }

  private int interrupted(Trainer trainer, EndSignals signals) throws IOException {
    String place = "allclose: interrupted in epoch " + epoch(trainer);
    int steps = trainer.history().steps();
    if (checkpoint.get().isPresent()) {
      Path file = checkpoint.get().get();
      Checkpoint.write(file, trainer.state());
      err()
          .println(
              place
                  + ": "
                  + file
                  + " holds the run up to step "
                  + steps
                  + "; the same command goes on");
    } else {
      err().println(place + ", after " + steps + " steps: nothing is kept without --checkpoint");
    }
    return signals.status().orElseThrow();
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
    PrintWriter out = out();
    out.println(history.steps() + " steps, loss " + Decimal.format("%.6f", history.latestLoss()));
    if (!history.epochs().isEmpty()) {
      EpochReport last = history.epochs().get(history.epochs().size() - 1);
      last.accuracy()
          .ifPresent(value -> out.println("accuracy in training " + Decimal.format("%.4f", value)));
      last.validationAccuracy()
          .ifPresent(
              value -> out.println("accuracy in validation " + Decimal.format("%.4f", value)));
    }
    out.println(Printable.of("wrote " + output.get()));
  }

  private void report(GradientFlow flow) {
    TextTable table =
        TextTable.of(Printable::of, "parameter", "norm", "norm of gradient", "zeros in it")
            .alignRight(1, 2, 3);
    for (GradientFlow.Entry entry : flow.entries()) {
      table.add(
          entry.name(),
          Decimal.format("%.2e", entry.parameterNorm()),
          Decimal.format("%.2e", entry.norm()),
          Decimal.format("%.1f %%", 100 * entry.zeros()));
    }
    PrintWriter out = out();
    out.print(table);
    flow.warnings().forEach(warning -> out.println(Printable.of(warning)));
  }
}
