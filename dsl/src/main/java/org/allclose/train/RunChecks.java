package org.allclose.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.layer.Graph;
import org.allclose.loss.WeightedLoss;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/** What a training run requires: of data and network before it, of each step, of a saved state. */
final class RunChecks {
  private RunChecks() {}

  /**
   * Checks that a network can be trained.
   *
   * @throws IllegalArgumentException if it has no loss
   */
  static void requireLoss(NetworkSpec network) {
    if (network.loss().isEmpty()) {
      throw new IllegalArgumentException("training: expected a network with a loss: " + network);
    }
  }

  /**
   * Checks that a network can be trained or tried on a data set.
   *
   * @throws ShapeMismatchException if the samples do not have the shapes of the network's inputs
   * @throws IllegalArgumentException if an input is missing, or there is one more, or a label is
   *     not a class
   */
  static void requireFit(String what, Dataset set, NetworkSpec network) {
    requireInputs(what, set.shapes(), network);
    try {
      set.targets().requireOutputs(network.losses().stream().map(WeightedLoss::output).toList());
      for (WeightedLoss loss : network.losses()) {
        Shape scores = network.graph().shapeOf(loss.output());
        set.targets()
            .of(loss.output())
            .requireClasses(scores.axis(scores.rank() - 1), loss.loss().ignoredLabel());
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  private static void requireInputs(String what, Map<String, Shape> given, NetworkSpec network) {
    List<Graph.Input> inputs = network.inputs();
    if (inputs.size() == 1 && given.size() == 1) { // whatever it is called
      requireShape(what, network.input(), given.values().iterator().next());
      return;
    }
    List<String> names = inputs.stream().map(Graph.Input::name).toList();
    if (names.size() != given.size() || !given.keySet().containsAll(names)) {
      throw new IllegalArgumentException(
          what + ": expected samples of inputs " + names + " but got " + given.keySet());
    }
    for (Graph.Input input : inputs) {
      Shape shape = Objects.requireNonNull(given.get(input.name()));
      requireShape(what + " of '" + input.name() + "'", input.shape(), shape);
    }
  }

  private static void requireShape(String what, Shape expected, Shape given) {
    if (!given.equals(expected)) {
      throw new ShapeMismatchException(
          what + ": expected samples of shape " + expected + " but got " + given);
    }
  }

  /** Returns what may not be meant, see {@link Trainer#notes}. */
  static List<String> notes(TrainingConfig config, Dataset data) {
    if (config.batch() <= data.size()) {
      return List.of();
    }
    String what =
        config.draw() == Batching.CHOICE ? "draws some of them twice" : "takes all of them";
    return List.of(
        "batch: expected at most the "
            + data.size()
            + " samples there are but got "
            + config.batch()
            + ": each step "
            + what);
  }

  /**
   * Checks that a step may be done.
   *
   * @param step its number, from 1
   * @param runner computes the outputs of layers again, to name the first that is not finite
   * @throws Trainer.DivergenceException if the loss or a gradient is not finite
   */
  static void requireFinite(int step, double loss, BatchRunner runner) {
    String place = "step " + step + ": ";
    if (!Double.isFinite(loss)) {
      for (Map.Entry<String, Tensor> output : runner.outputs().entrySet()) {
        requireFinite(place + "layer '" + output.getKey() + "'", "outputs", output.getValue());
      }
      throw new Trainer.DivergenceException(place + "expected a finite loss but got " + loss);
    }
    Parameters gradients = runner.gradients();
    if (!areFinite(gradients)) {
      List<String> backward = new ArrayList<>(gradients.names());
      for (int i = backward.size() - 1; i >= 0; i--) {
        String name = backward.get(i);
        requireFinite(place + "gradient of '" + name + "'", "values", gradients.get(name));
      }
    }
  }

  private static boolean areFinite(Parameters gradients) {
    for (Tensor gradient : gradients.asMap().values()) {
      if (!TrainingOps.of(gradient.dtype()).isFinite(gradient)) {
        return false;
      }
    }
    return true;
  }

  private static void requireFinite(String place, String what, Tensor values) {
    TrainingOps ops = TrainingOps.of(values.dtype());
    if (!ops.isFinite(values)) {
      throw new Trainer.DivergenceException(
          place + ": expected finite " + what + " but got " + ops.firstNotFinite(values));
    }
  }

  /**
   * Checks that a state is at a place in an epoch where a run comes by.
   *
   * @throws IllegalArgumentException if not
   */
  static void requirePlace(
      TrainingState state, int stepsPerEpoch, TrainingConfig config, Dataset data) {
    long steps = state.history().steps();
    int epochs = state.history().epochs().size();
    long length = epochs == 0 ? stepsPerEpoch : state.history().epochs().get(0).steps();
    if (length != stepsPerEpoch || steps / stepsPerEpoch != epochs) {
      throw new IllegalArgumentException(
          "checkpoint: expected epochs of "
              + stepsPerEpoch
              + " steps but got "
              + (epochs == 0 ? "none after " + steps + " steps" : "epochs of " + length));
    }
    boolean inEpoch = steps % stepsPerEpoch != 0;
    if (inEpoch && config.draw() == Batching.PERMUTATION && state.order().size() != data.size()) {
      throw new IllegalArgumentException(
          "checkpoint: expected an order of "
              + data.size()
              + " samples but got "
              + state.order().size());
    }
  }
}
