package org.allclose.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.allclose.Evaluation;
import org.allclose.Execution;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.layer.Graph;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Targets;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Compares the gradients of a network with central differences of its loss, {@code (f(v + h) - f(v
 * - h)) / 2h}, extrapolated from several steps.
 *
 * <p>The relative error is cs231n's {@code |a - n| / max(1e-8, |a| + |n|)}, where from {@code |a -
 * n|} is first taken what the rounding of the loss can make of it: measured for each gradient,
 * divided by the step. So a gradient that is 0 in exact arithmetic, such as that of a bias before a
 * batch norm, is compared with 0 as far as the loss can tell.
 *
 * <p>The step is halved, 8 times at most, where the loss bends too much or has a kink within it, as
 * ReLU, max pool and hinge loss have. Where a kink is nearer still, there is no derivative to
 * compare with: such places are counted, and the gradient is to lie between the slopes of both
 * sides, to a thousandth of them. What is found does not depend on the gradient that is checked.
 * Parameters are changed during the check and are as before after it; it is for one thread.
 *
 * <p>Source: cs231n {@code eval_numerical_gradient} and {@code rel_error}.
 */
public final class GradientCheck {

  /** The longest step h where nothing is said: {@code 2^-10}, some 0.001. */
  public static final double DEFAULT_STEP = 0x1p-10;

  /** The largest accepted relative error where nothing is said. */
  public static final double DEFAULT_THRESHOLD = 1e-6;

  private final Network network;
  private final double step;
  private final double threshold;
  private final Optional<Supplier<RandomGenerator>> random;
  private final Optional<Directions> directions;

  /** How many random directions to take, and their seed. */
  private record Directions(int count, int seed) {}

  /**
   * What a check found.
   *
   * @param threshold the largest relative error that is accepted
   * @param entries one for each parameter and one for the input
   */
  public record Report(double threshold, List<Entry> entries) {

    public Report {
      entries = List.copyOf(entries);
    }

    /**
     * One gradient.
     *
     * @param name the parameter, such as fc1/W, or {@code input}
     * @param checked how many coordinates or directions were compared
     * @param kinks how many more lie at a kink of the loss, where the gradient was compared with
     *     the slopes of both sides
     * @param worst the largest relative error {@code |a - n| / max(1e-8, |a| + |n|)}, beyond what
     *     the rounding of the loss can make
     * @param where the index of the worst coordinate, or the number of the worst direction
     * @param analytic the gradient that the backward pass gives there
     * @param numeric what the differences give there
     */
    public record Entry(
        String name,
        int checked,
        int kinks,
        double worst,
        String where,
        double analytic,
        double numeric) {

      @Override
      public String toString() {
        return String.format(
            Locale.ROOT,
            "%s: %d checked, %d at kinks, worst relative error %.2e at %s: analytic %s, numeric"
                + " %s",
            name,
            checked,
            kinks,
            worst,
            where,
            analytic,
            numeric);
      }
    }

    /** Returns whether something of every gradient was compared, and all of it is near enough. */
    public boolean passes() {
      return entries.stream().allMatch(this::passes);
    }

    private boolean passes(Entry entry) {
      return entry.checked + entry.kinks > 0 && entry.worst <= threshold;
    }

    /** Returns a line for each gradient. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (Entry entry : entries) {
        text.append(passes(entry) ? "ok     " : "FAILED ").append(entry).append('\n');
      }
      return text.toString();
    }
  }

  private GradientCheck(
      Network network,
      double step,
      double threshold,
      Optional<Supplier<RandomGenerator>> random,
      Optional<Directions> directions) {
    this.network = network;
    this.step = step;
    this.threshold = threshold;
    this.random = random;
    this.directions = directions;
  }

  /** Returns a check of every coordinate with the default step and threshold. */
  public static GradientCheck of(Network network) {
    return new GradientCheck(
        network, DEFAULT_STEP, DEFAULT_THRESHOLD, Optional.empty(), Optional.empty());
  }

  /**
   * Returns the same check with another longest step.
   *
   * @throws IllegalArgumentException if it is not a finite number above 0
   */
  public GradientCheck step(double h) {
    requirePositive("step", h);
    return new GradientCheck(network, h, threshold, random, directions);
  }

  /**
   * Returns the same check with another threshold.
   *
   * @throws IllegalArgumentException if it is not a finite number above 0
   */
  public GradientCheck threshold(double largest) {
    requirePositive("threshold", largest);
    return new GradientCheck(network, step, largest, random, directions);
  }

  /**
   * Returns the same check of a network whose layers draw from a random stream.
   *
   * @param streams gives the same stream from its beginning each time
   */
  public GradientCheck random(Supplier<RandomGenerator> streams) {
    return new GradientCheck(network, step, threshold, Optional.of(streams), directions);
  }

  /**
   * Returns the same check along random directions instead of every coordinate, which is quick for
   * large networks.
   *
   * @param count directions for each parameter, at least 1
   * @param seed of the directions
   * @throws IllegalArgumentException if there is no direction
   */
  public GradientCheck directions(int count, int seed) {
    if (count < 1) {
      throw new IllegalArgumentException("directions: expected at least 1 but got " + count);
    }
    return new GradientCheck(
        network, step, threshold, random, Optional.of(new Directions(count, seed)));
  }

  /**
   * Checks the gradients of the loss.
   *
   * @param x a batch of inputs; not modified
   * @throws ShapeMismatchException if x does not have the input's shape, or a gradient not the
   *     shape of what it belongs to
   * @throws IllegalArgumentException if the targets do not fit the scores
   */
  public Report run(Tensor x, Targets targets) {
    return run(network.spec().inputs(x), targets);
  }

  /**
   * Checks the gradients of the loss, as {@link #run(Tensor, Targets)}, for inputs by their names.
   */
  public Report run(Map<String, Tensor> inputs, Targets targets) {
    Evaluation evaluation = fresh().evaluate(inputs, targets);
    return check(
        inputs,
        evaluation,
        (given, execution) -> {
          execution.forward(given);
          return execution.loss(targets);
        });
  }

  /**
   * Checks the gradients of {@code sum(scores * upstream)}, for networks without a loss.
   *
   * @param x a batch of inputs; not modified
   * @param upstream shape of the scores; not modified
   * @throws ShapeMismatchException if an array does not have its shape, or a gradient not the shape
   *     of what it belongs to
   */
  public Report run(Tensor x, Tensor upstream) {
    return run(network.spec().inputs(x), upstream);
  }

  /** Checks as {@link #run(Tensor, Tensor)}, for inputs by their names. */
  public Report run(Map<String, Tensor> inputs, Tensor upstream) {
    Evaluation evaluation =
        fresh().backward(inputs, Map.of(network.spec().outputs().get(0), upstream));
    return check(
        inputs,
        evaluation,
        (given, execution) -> {
          double[] scores = execution.forward(given).unwrap();
          double sum = 0;
          for (int i = 0; i < scores.length; i++) {
            sum += scores[i] * upstream.unwrap()[i];
          }
          return sum;
        });
  }

  /** The value that is differentiated. */
  private interface Value {
    double of(Map<String, Tensor> inputs, Execution execution);
  }

  private Report check(Map<String, Tensor> given, Evaluation evaluation, Value value) {
    int batch = network.spec().batchSize(given);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Graph.Input input : network.spec().inputs()) {
      inputs.put(input.name(), Objects.requireNonNull(given.get(input.name())).copy());
    }
    // Without chance one execution serves all; with it each gets the stream from its beginning.
    Execution shared = fresh().execution(batch);
    DoubleSupplier f =
        random.isEmpty()
            ? () -> value.of(inputs, shared)
            : () -> value.of(inputs, fresh().execution(batch));
    List<Report.Entry> entries = new ArrayList<>();
    Parameters parameters = shared.parameters();
    for (ParameterSpec parameter : network.spec().parameters()) {
      if (parameter.role().isTrained()) {
        String name = parameter.name();
        entries.add(check(name, parameters.get(name), evaluation.gradient(name), f));
      }
    }
    for (Graph.Input input : network.spec().inputs()) {
      if (!input.isTokens()) {
        String name = input.name();
        entries.add(
            check(
                name, Objects.requireNonNull(inputs.get(name)), evaluation.inputGradient(name), f));
      }
    }
    return new Report(threshold, entries);
  }

  private Network fresh() {
    return random.map(streams -> network.withRandom(streams.get())).orElse(network);
  }

  private Report.Entry check(String name, Tensor argument, Tensor gradient, DoubleSupplier f) {
    if (!gradient.shape().equals(argument.shape())) {
      throw new ShapeMismatchException(
          name
              + ": expected a gradient of shape "
              + argument.shape()
              + " but got "
              + gradient.shape());
    }
    ShiftedLoss loss = new ShiftedLoss(argument.unwrap(), f);
    WorstError worst = new WorstError();
    double[] direction = new double[gradient.size()];
    if (directions.isEmpty()) {
      for (int i = 0; i < direction.length; i++) {
        direction[i] = 1;
        compare(loss, direction, gradient.unwrap()[i], indexText(argument.shape(), i), worst);
        direction[i] = 0;
      }
    } else {
      RandomGenerator generator = new MersenneTwister(directions.get().seed);
      for (int k = 0; k < directions.get().count; k++) {
        double norm = 0;
        for (int i = 0; i < direction.length; i++) {
          direction[i] = generator.nextGaussian();
          norm += direction[i] * direction[i];
        }
        double analytic = 0;
        for (int i = 0; i < direction.length; i++) {
          direction[i] /= Math.sqrt(norm);
          analytic += direction[i] * gradient.unwrap()[i];
        }
        compare(loss, direction, analytic, "direction " + k, worst);
      }
    }
    return worst.entry(name);
  }

  private void compare(
      ShiftedLoss loss, double[] direction, double analytic, String where, WorstError worst) {
    DoubleUnaryOperator along = shift -> loss.value(direction, shift);
    // A quarter of the threshold is left to the extrapolation, relative to the scale |a| + |n|.
    NumericDerivative.Estimate numeric =
        new NumericDerivative(along, step, loss.noise(), loss.spacing())
            .estimate(threshold / 2, WorstError.SMALLEST_SCALE / 2);
    worst.add(analytic, numeric, where);
  }

  private static String indexText(Shape shape, int position) {
    int[] index = new int[shape.rank()];
    int left = position;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = left % shape.axis(axis);
      left /= shape.axis(axis);
    }
    return Arrays.toString(index);
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          what + ": expected a finite number above 0 but got " + value);
    }
  }
}
