package org.allclose.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.allclose.Evaluation;
import org.allclose.Execution;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Targets;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Compares the gradients of a network with central differences of its loss, {@code (f(v + h) - f(v
 * - h)) / 2h}.
 *
 * <p>The relative error is cs231n's {@code |a - n| / max(1e-8, |a| + |n|)}. Where the loss has a
 * kink within the step, as ReLU, max pool and hinge loss have, the difference says nothing: such
 * places are found, skipped and counted. Parameters are changed during the check and are as before
 * after it; it is for one thread.
 *
 * <p>Source: cs231n {@code eval_numerical_gradient} and {@code rel_error}.
 */
public final class GradientCheck {

  /** The step h where nothing is said. */
  public static final double DEFAULT_STEP = 1e-5;

  /** The largest accepted relative error where nothing is said. */
  public static final double DEFAULT_THRESHOLD = 1e-6;

  private static final double SMALLEST_SCALE = 1e-8;

  private final Network network;
  private final double step;
  private final double threshold;
  private final Optional<Supplier<RandomGenerator>> random;
  private final Optional<Directions> directions;

  /** How many random directions to take, and their seed. */
  private record Directions(int count, int seed) {}

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
   * Returns the same check with another step.
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
  public GradientReport run(Tensor x, Targets targets) {
    Evaluation evaluation = fresh().evaluate(x, targets);
    return check(
        x,
        evaluation,
        (input, execution) -> {
          execution.forward(input);
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
  public GradientReport run(Tensor x, Tensor upstream) {
    Evaluation evaluation = fresh().backward(x, upstream);
    return check(
        x,
        evaluation,
        (input, execution) -> {
          double[] scores = execution.forward(input).unwrap();
          double sum = 0;
          for (int i = 0; i < scores.length; i++) {
            sum += scores[i] * upstream.unwrap()[i];
          }
          return sum;
        });
  }

  /** The value that is differentiated. */
  private interface Value {
    double of(Tensor input, Execution execution);
  }

  private GradientReport check(Tensor x, Evaluation evaluation, Value value) {
    Tensor input = x.copy();
    int batch = x.shape().axis(0);
    // Without chance one execution serves all; with it each gets the stream from its beginning.
    Execution shared = fresh().execution(batch);
    DoubleSupplier f =
        random.isEmpty()
            ? () -> value.of(input, shared)
            : () -> value.of(input, fresh().execution(batch));
    List<GradientReport.Entry> entries = new ArrayList<>();
    Parameters parameters = shared.parameters();
    for (ParameterSpec parameter : network.spec().parameters()) {
      if (parameter.role() != ParameterSpec.Role.STATISTIC) {
        String name = parameter.name();
        entries.add(check(name, parameters.get(name), evaluation.gradient(name), f));
      }
    }
    entries.add(check("input", input, evaluation.inputGradient(), f));
    return new GradientReport(threshold, entries);
  }

  private Network fresh() {
    return random.map(streams -> network.withRandom(streams.get())).orElse(network);
  }

  private GradientReport.Entry check(
      String name, Tensor argument, Tensor gradient, DoubleSupplier f) {
    if (!gradient.shape().equals(argument.shape())) {
      throw new ShapeMismatchException(
          name
              + ": expected a gradient of shape "
              + argument.shape()
              + " but got "
              + gradient.shape());
    }
    Worst worst = new Worst();
    double[] values = argument.unwrap();
    double[] direction = new double[values.length];
    if (directions.isEmpty()) {
      for (int i = 0; i < values.length; i++) {
        direction[i] = 1;
        compare(values, direction, gradient.unwrap()[i], indexText(argument.shape(), i), f, worst);
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
        compare(values, direction, analytic, "direction " + k, f, worst);
      }
    }
    return worst.entry(name);
  }

  /** Compares along one direction, and leaves the values as they were. */
  private void compare(
      double[] values,
      double[] direction,
      double analytic,
      String where,
      DoubleSupplier f,
      Worst worst) {
    double[] before = values.clone();
    double[] at = new double[5];
    for (int k = 0; k < at.length; k++) {
      double shift = (k - 2) * 0.5 * step;
      for (int i = 0; i < values.length; i++) {
        values[i] = direction[i] == 0 ? before[i] : before[i] + shift * direction[i];
      }
      at[k] = f.getAsDouble();
    }
    System.arraycopy(before, 0, values, 0, before.length);
    if (hasKink(at)) {
      worst.kinks++;
      return;
    }
    worst.add(analytic, (at[4] - at[0]) / (2 * step), where);
  }

  /**
   * Tells a kink from a smooth bend by the second differences over the whole and over half the
   * step: on a smooth function they are as 4 to 1, at a kink in the middle as 2 to 1, at one
   * further out the smaller is next to nothing.
   */
  private static boolean hasKink(double[] at) {
    double wide = at[0] - 2 * at[2] + at[4];
    double narrow = at[1] - 2 * at[2] + at[3];
    double noise = 64 * Math.ulp(Arrays.stream(at).map(Math::abs).max().orElse(0));
    return Math.abs(wide - 4 * narrow) > noise + 0.1 * Math.abs(wide);
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

  /** The largest error so far. */
  private static final class Worst {
    private int checked;
    private int kinks;
    private double error;
    private String where = "-";
    private double analytic;
    private double numeric;

    void add(double a, double n, String place) {
      double relative = Math.abs(a - n) / Math.max(SMALLEST_SCALE, Math.abs(a) + Math.abs(n));
      checked++;
      if (!(relative <= error) || checked == 1) {
        error = relative;
        where = place;
        analytic = a;
        numeric = n;
      }
    }

    GradientReport.Entry entry(String name) {
      return new GradientReport.Entry(name, checked, kinks, error, where, analytic, numeric);
    }
  }
}
