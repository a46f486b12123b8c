package org.allclose.layer;

import java.util.List;
import org.allclose.internal.kernel.elementwise.Normalization;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * Batch normalization, {@code y = gamma * (x - mean) / sqrt(variance + epsilon) + beta}, a feature
 * or a channel at a time.
 *
 * <p>Shapes: x (n, D) or (n, C, H, W), result as x; gamma, beta, runningMean and runningVariance
 * (D) or (C). In training mode mean and variance are those of the batch, over axis 0 or the axes
 * (0, 2, 3), the variance biased, and the running statistics become {@code momentum * running + (1
 * - momentum) * sample}; in inference mode they are the running ones.
 *
 * <p>A new network's runningMean starts at 0 and its runningVariance at the value that is set: at
 * 1, as in PyTorch and Keras, where nothing is said; cs231n's {@code batchnorm_forward} starts at
 * 0.
 *
 * <p>Source: Ioffe and Szegedy, Batch Normalization, 2015; the reference's {@code
 * batch_norm_forward}; cs231n {@code batchnorm_forward} and {@code batchnorm_backward_alt}.
 *
 * @param epsilon added to the variance, above 0
 * @param momentum how much of the running statistics is kept, from 0 to 1
 * @param runningVariance where the running variance starts, finite and at least 0
 */
public record BatchNorm(double epsilon, double momentum, double runningVariance) implements Layer {

  /** What is added to the variance where nothing is said. */
  public static final double DEFAULT_EPSILON = 1e-5;

  /** How much of the running statistics is kept where nothing is said. */
  public static final double DEFAULT_MOMENTUM = 0.9;

  /** Where the running variance starts where nothing is said. */
  public static final double DEFAULT_RUNNING_VARIANCE = 1;

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public BatchNorm {
    checkEpsilon(epsilon);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "momentum: expected a number from 0 to 1 but got " + momentum);
    }
    if (!(runningVariance >= 0) || Double.isInfinite(runningVariance)) {
      throw new IllegalArgumentException(
          "runningVariance: expected a finite number of at least 0 but got " + runningVariance);
    }
  }

  /** A layer with the defaults. */
  public BatchNorm() {
    this(DEFAULT_EPSILON, DEFAULT_MOMENTUM, DEFAULT_RUNNING_VARIANCE);
  }

  static void checkEpsilon(double epsilon) {
    if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
      throw new IllegalArgumentException(
          "epsilon: expected a finite number above 0 but got " + epsilon);
    }
  }

  /** Returns the same layer with another epsilon. */
  public BatchNorm epsilon(double other) {
    return new BatchNorm(other, momentum, runningVariance);
  }

  /** Returns the same layer with another momentum. */
  public BatchNorm momentum(double other) {
    return new BatchNorm(epsilon, other, runningVariance);
  }

  /** Returns the same layer whose running variance starts elsewhere: at 0, as in cs231n. */
  public BatchNorm runningVariance(double start) {
    return new BatchNorm(epsilon, momentum, start);
  }

  @Override
  public String type() {
    return "batchNorm";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1 && input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (features,) or (channels, height, width) but got " + input);
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    Shape shape = Shape.of(input.axis(0));
    return List.of(
        ParameterSpec.scale("gamma", shape),
        ParameterSpec.bias("beta", shape),
        ParameterSpec.statistic("runningMean", shape, 0),
        ParameterSpec.statistic("runningVariance", shape, runningVariance));
  }

  @Override
  public Pass pass(LayerContext binding) {
    Shape input = binding.input();
    int plane = input.size() / input.axis(0);
    return new BatchNormPass(
        this, binding, new NormPass.Groups(binding.batch(), input.axis(0), plane));
  }

  @Override
  public String toString() {
    String start =
        runningVariance == DEFAULT_RUNNING_VARIANCE ? "" : ", running variance " + runningVariance;
    return "batchNorm(epsilon " + epsilon + ", momentum " + momentum + start + ")";
  }

  private static final class BatchNormPass extends NormPass {
    private final BatchNorm layer;
    private final boolean training;

    BatchNormPass(BatchNorm layer, LayerContext binding, Groups groups) {
      super(binding, groups, groups, layer.epsilon);
      this.layer = layer;
      training = binding.mode() == Mode.TRAINING;
    }

    @Override
    boolean usesOwnMoments() {
      return training;
    }

    @Override
    void moments(double[] x, double[] mean, double[] variance) {
      int n = own.groups();
      if (!training) {
        System.arraycopy(binding.parameter("runningMean").unwrap(), 0, mean, 0, n);
        System.arraycopy(binding.parameter("runningVariance").unwrap(), 0, variance, 0, n);
      } else if (isPlain()) {
        Sums.momentsOverRows(x, own.outer(), n, mean, variance);
      } else {
        Sums.momentsOfChannels(x, own.outer(), n, own.inner(), mean, variance);
      }
    }

    /** OptimizerSteps the running statistics. */
    @Override
    void use(double[] mean, double[] variance) {
      if (training) {
        average("runningMean", mean);
        average("runningVariance", variance);
      }
    }

    private void average(String statistic, double[] sample) {
      double[] running = binding.parameter(statistic).unwrap();
      double[] updated = binding.update(statistic).unwrap();
      Normalization.average(running, sample, layer.momentum, updated, own.groups());
    }

    @Override
    void sums(double[] values, double[] sum) {
      if (isPlain()) {
        Sums.overRows(values, own.outer(), own.groups(), sum);
      } else {
        Sums.ofChannels(values, own.outer(), own.groups(), own.inner(), sum);
      }
    }

    @Override
    void scaledSums(double[] values, double[] sum) {
      sums(values, sum);
    }

    @Override
    public Terms terms() {
      return new NormTerms(this) {
        private double[] size = {};
        private double[] variation = {};

        @Override
        public Tensor forward(Tensor x, Tensor y) {
          double[] values = x.unwrap();
          double[] products = new double[values.length];
          for (int i = 0; i < products.length; i++) {
            double m = mean[own.of(i)];
            products[i] = Math.abs(values[i] - m) * (Math.abs(values[i]) + Math.abs(m));
          }
          size = own.means(Magnitudes.of(x).unwrap());
          variation = own.means(products);
          return super.forward(x, y);
        }

        @Override
        public Tensor update(String statistic, Tensor value) {
          Tensor running = Magnitudes.of(binding.parameter(statistic));
          double[] sample = statistic.equals("runningMean") ? size : variation;
          Normalization.average(
              running.unwrap(), sample, layer.momentum, running.unwrap(), sample.length);
          return running;
        }
      };
    }

    /** Features without planes: numpy adds them in another order than planes of one element. */
    private boolean isPlain() {
      return binding.input().rank() == 1;
    }
  }
}
