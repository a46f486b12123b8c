package org.allclose.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.internal.ops.TrainingOps;
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
   * @throws ShapeMismatchException if the samples do not have the shape of the network's input
   * @throws IllegalArgumentException if a label is not a class
   */
  static void requireFit(String what, Dataset set, NetworkSpec network) {
    if (!set.shape().equals(network.input())) {
      throw new ShapeMismatchException(
          what + ": expected samples of shape " + network.input() + " but got " + set.shape());
    }
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
   * @param network computes the outputs of layers again, to name the first that is not finite
   * @throws Trainer.DivergenceException if the loss or a gradient is not finite
   */
  static void requireFinite(int step, double loss, Network network, BatchRunner runner) {
    String place = "step " + step + ": ";
    if (!Double.isFinite(loss)) {
      for (Map.Entry<String, Tensor> output : network.outputs(runner.x()).entrySet()) {
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
