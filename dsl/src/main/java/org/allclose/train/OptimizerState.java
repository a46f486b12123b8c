package org.allclose.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.allclose.Parameters;
import org.allclose.WeightSource;
import org.allclose.internal.message.Excerpt;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.train.optimizer.Optimizer;

/**
 * An optimizer at work on the parameters of a network: what it remembers, and how many steps it has
 * done.
 *
 * <p>For one thread at a time. A step allocates nothing to speak of.
 */
public final class OptimizerState {
  private final Optimizer rule;
  private final List<Slots> parameters = new ArrayList<>();
  private long steps;

  /** A parameter that has a gradient, and what is remembered for it. */
  private record Slots(String name, Tensor parameter, List<Tensor> values) {

    static Slots of(String name, Tensor parameter, List<Optimizer.Slot> kinds) {
      return new Slots(
          name,
          parameter,
          kinds.stream().map(kind -> parameter.map(value -> kind.first())).toList());
    }
  }

  /**
   * Starts an optimizer.
   *
   * @param parameters the tensors themselves, which {@link #step} changes
   * @param trained the names of those that have a gradient
   */
  public OptimizerState(Optimizer rule, Parameters parameters, Set<String> trained) {
    this.rule = rule;
    for (String name : parameters.names()) {
      if (trained.contains(name)) {
        this.parameters.add(Slots.of(name, parameters.get(name), rule.slots()));
      }
    }
  }

  /** Returns the rule. */
  public Optimizer rule() {
    return rule;
  }

  /** Returns the number of steps that were done. */
  public long steps() {
    return steps;
  }

  /**
   * Changes every trained parameter by its gradient.
   *
   * @param gradients by the parameters' names; not modified
   * @param rate the learning rate
   * @throws IllegalArgumentException if a gradient is missing
   */
  public void step(Parameters gradients, double rate) {
    steps++;
    for (int i = 0; i < parameters.size(); i++) {
      Slots slots = parameters.get(i);
      Tensor gradient = gradients.get(slots.name);
      rule.update(slots.parameter, gradient, rate, slots.values, steps);
    }
  }

  /**
   * Returns what is remembered, the tensors themselves, under names such as {@code fc1/W/velocity}.
   */
  public Parameters slots() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Slots slots : parameters) {
      for (int i = 0; i < slots.values.size(); i++) {
        tensors.put(slots.name + "/" + rule.slots().get(i).name(), slots.values.get(i));
      }
    }
    return Parameters.wrap(tensors);
  }

  /**
   * Goes back to a state that was saved.
   *
   * @param saved values for all of {@link #slots}, copied
   * @param done the number of steps done by then
   * @throws IllegalArgumentException if there are other slots, or the number is negative
   * @throws ShapeMismatchException if one has another shape
   */
  public void restore(WeightSource saved, long done) {
    Map<String, Tensor> mine = slots().asMap();
    if (!mine.keySet().equals(saved.names())) {
      throw new IllegalArgumentException(
          saved.description()
              + ": expected slots "
              + Excerpt.of(mine.keySet())
              + " but got "
              + Excerpt.of(saved.names()));
    }
    if (done < 0) {
      throw new IllegalArgumentException(
          saved.description() + ": expected at least 0 steps but got " + done);
    }
    mine.forEach(
        (name, tensor) -> {
          Tensor value = saved.get(name);
          if (!value.shape().equals(tensor.shape())) {
            throw new ShapeMismatchException(
                saved.description()
                    + ": "
                    + name
                    + ": expected shape "
                    + tensor.shape()
                    + " but got "
                    + value.shape());
          }
        });
    mine.forEach((name, tensor) -> tensor.copyFrom(saved.get(name)));
    steps = done;
  }
}
