package org.allclose.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Parameters;
import org.allclose.random.MersenneTwisterState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * All that a training run goes on from: with it the rest of a run has the bits of one that was
 * never stopped.
 *
 * <p>What it is made of fits together; whether it fits a run, {@link Trainer#restore} checks.
 *
 * @param parameters the network's, running statistics included
 * @param slots what the optimizer remembers
 * @param random where the random stream is
 * @param order the samples of the current epoch in their order; empty if batches are drawn singly
 * @param history what was
 * @param best the parameters of the best check, if they are kept and there was a check
 * @param run which run this is a state of: what decides its bits, as text under keys such as {@code
 *     layer 3 'fc2': units}, in order; empty if the state does not say
 */
public record TrainingState(
    Parameters parameters,
    Parameters slots,
    MersenneTwisterState random,
    List<Integer> order,
    History history,
    Optional<Parameters> best,
    Map<String, String> run) {

  /**
   * @throws ShapeMismatchException if a slot or one of the best parameters does not have its
   *     parameter's shape
   * @throws IllegalArgumentException if a slot or one of the best is of no parameter, the order is
   *     not one of all samples, or the history contradicts itself
   */
  public TrainingState {
    order = List.copyOf(order);
    run = Collections.unmodifiableMap(new LinkedHashMap<>(run));
    requireSlots(slots, parameters);
    best.ifPresent(kept -> requireSame("best", parameters, kept));
    requirePermutation(order);
    history.requireConsistent();
  }

  /** Checks that two sets of tensors have the same names and shapes. */
  static void requireSame(String what, Parameters expected, Parameters got) {
    if (!got.names().equals(expected.names())) {
      throw new IllegalArgumentException(
          what + ": expected parameters " + expected.names() + " but got " + got.names());
    }
    expected
        .asMap()
        .forEach((name, tensor) -> requireShape(what + "/" + name, tensor.shape(), got.get(name)));
  }

  private static void requireSlots(Parameters slots, Parameters parameters) {
    for (String name : slots.names()) {
      String parameter = name.substring(0, Math.max(0, name.lastIndexOf('/')));
      if (!parameters.names().contains(parameter)) {
        throw new IllegalArgumentException(
            "optimizer/" + name + ": expected a slot of one of " + parameters.names());
      }
      requireShape("optimizer/" + name, parameters.get(parameter).shape(), slots.get(name));
    }
  }

  private static void requireShape(String what, Shape expected, Tensor got) {
    if (!got.shape().equals(expected)) {
      throw new ShapeMismatchException(
          what + ": expected shape " + expected + " but got " + got.shape());
    }
  }

  private static void requirePermutation(List<Integer> order) {
    boolean[] seen = new boolean[order.size()];
    for (int i = 0; i < seen.length; i++) {
      int sample = order.get(i);
      if (sample < 0 || sample >= seen.length) {
        throw new IllegalArgumentException(
            "order["
                + i
                + "]: expected a sample from 0 to "
                + (seen.length - 1)
                + " but got "
                + sample);
      }
      if (seen[sample]) {
        throw new IllegalArgumentException(
            "order[" + i + "]: expected each sample once but got " + sample + " again");
      }
      seen[sample] = true;
    }
  }
}
