package org.allclose.layer.norm;

import java.util.ArrayList;
import java.util.List;
import org.allclose.internal.ops.Groups;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Mode;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Batch normalization, {@code y = gamma * (x - mean) / sqrt(variance + epsilon) + beta}, a feature
 * or a channel at a time.
 *
 * <p>Shapes: x (n, D), (n, C, L) or (n, C, H, W), result as x; gamma, beta, runningMean and
 * runningVariance (D) or (C). In training mode mean and variance are those of the batch, over all
 * axes but that of the features or channels, the variance biased, and the running statistics become
 * {@code momentum * running + (1 - momentum) * sample}; in inference mode they are the running
 * ones. Without affine there are neither gamma nor beta. Without statistics nothing runs: mean and
 * variance are those of the batch in inference mode too.
 *
 * <p>A new network's runningMean starts at 0 and its runningVariance at the value that is set: at
 * 1, as in PyTorch and Keras, where nothing is said; cs231n's {@code batchnorm_forward} starts at
 * 0.
 *
 * <p>Source: Ioffe and Szegedy, Batch Normalization, 2015; the reference's {@code
 * batch_norm_forward}; cs231n {@code batchnorm_forward} and {@code batchnorm_backward_alt}; PyTorch
 * {@code BatchNorm1d} and {@code BatchNorm2d}, which keep {@code 1 - momentum}.
 *
 * @param epsilon added to the variance, above 0
 * @param momentum how much of the running statistics is kept, from 0 to 1
 * @param runningVariance where the running variance starts, finite and at least 0
 * @param affine whether there are gamma and beta
 * @param statistics whether there are running statistics, for inference
 */
public record BatchNorm(
    double epsilon, double momentum, double runningVariance, boolean affine, boolean statistics)
    implements UnaryLayer {

  /** What is added to the variance where nothing is said. */
  public static final double DEFAULT_EPSILON = 1e-5;

  /** How much of the running statistics is kept where nothing is said. */
  public static final double DEFAULT_MOMENTUM = 0.9;

  /** Where the running variance starts where nothing is said. */
  public static final double DEFAULT_RUNNING_VARIANCE = 1;

  /** Whether there are gamma and beta where nothing is said. */
  public static final boolean DEFAULT_AFFINE = true;

  /** Whether there are running statistics where nothing is said. */
  public static final boolean DEFAULT_STATISTICS = true;

  private static final String RUNNING_MEAN = "runningMean";
  private static final String RUNNING = "runningVariance";

  private static final Setting<BatchNorm, Double> EPSILON =
      Setting.<BatchNorm>number("epsilon", BatchNorm::epsilon).positive().orElse(DEFAULT_EPSILON);
  private static final Setting<BatchNorm, Double> MOMENTUM =
      Setting.<BatchNorm>number("momentum", BatchNorm::momentum)
          .where("a number from 0 to 1", momentum -> momentum >= 0 && momentum <= 1)
          .orElse(DEFAULT_MOMENTUM);
  private static final Setting<BatchNorm, Double> RUNNING_VARIANCE =
      Setting.<BatchNorm>number("runningVariance", BatchNorm::runningVariance)
          .notNegative()
          .orElse(DEFAULT_RUNNING_VARIANCE)
          .quiet();
  private static final Setting<BatchNorm, Boolean> AFFINE =
      Setting.truth("affine", DEFAULT_AFFINE, BatchNorm::affine);
  private static final Setting<BatchNorm, Boolean> STATISTICS =
      Setting.truth("statistics", DEFAULT_STATISTICS, BatchNorm::statistics);

  /** What this kind of layer says of itself. */
  public static final Type<BatchNorm> TYPE =
      Type.of(
              "batchNorm",
              BatchNorm.class,
              v ->
                  new BatchNorm(
                      v.get(EPSILON),
                      v.get(MOMENTUM),
                      v.get(RUNNING_VARIANCE),
                      v.get(AFFINE),
                      v.get(STATISTICS)),
              EPSILON,
              MOMENTUM,
              RUNNING_VARIANCE,
              AFFINE,
              STATISTICS)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new BatchNorm(), 5),
                      Sample.of(new BatchNorm().momentum(0.7).epsilon(1e-3), 2, 3, 2),
                      Sample.of(new BatchNorm().runningVariance(0), 3),
                      Sample.of(new BatchNorm().affine(false), 2, 5),
                      Sample.of(new BatchNorm().statistics(false), 2, 3),
                      Sample.of(new BatchNorm().affine(false).statistics(false), 4)));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public BatchNorm {
    EPSILON.check(epsilon);
    MOMENTUM.check(momentum);
    RUNNING_VARIANCE.check(runningVariance);
  }

  /** A layer with the defaults. */
  public BatchNorm() {
    this(
        DEFAULT_EPSILON,
        DEFAULT_MOMENTUM,
        DEFAULT_RUNNING_VARIANCE,
        DEFAULT_AFFINE,
        DEFAULT_STATISTICS);
  }

  /** Returns the same layer with another epsilon. */
  public BatchNorm epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  /** Returns the same layer with another momentum. */
  public BatchNorm momentum(double other) {
    return TYPE.with(this, MOMENTUM, other);
  }

  /** Returns the same layer whose running variance starts elsewhere: at 0, as in cs231n. */
  public BatchNorm runningVariance(double start) {
    return TYPE.with(this, RUNNING_VARIANCE, start);
  }

  /** Returns the same layer with or without gamma and beta. */
  public BatchNorm affine(boolean present) {
    return TYPE.with(this, AFFINE, present);
  }

  /** Returns the same layer with or without running statistics. */
  public BatchNorm statistics(boolean present) {
    return TYPE.with(this, STATISTICS, present);
  }

  @Override
  public Type<BatchNorm> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() > 3) {
      throw new ShapeMismatchException(
          "expected input of shape (features,), (channels, length) or (channels, height, width)"
              + " but got "
              + input);
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    Shape shape = Shape.of(input.axis(0));
    AxisRole axis = input.rank() == 1 ? AxisRole.FEATURE : AxisRole.CHANNEL;
    List<ParameterSpec> parameters = new ArrayList<>(Affine.of(affine).parameters(shape, axis));
    if (statistics) {
      parameters.add(ParameterSpec.statistic(RUNNING_MEAN, shape, 0, axis));
      parameters.add(ParameterSpec.statistic(RUNNING, shape, runningVariance, axis));
    }
    return parameters;
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape input = context.input();
    int plane = input.size() / input.axis(0);
    return new BatchNormPass(this, context, new Groups(context.batch(), input.axis(0), plane));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class BatchNormPass extends NormPass {
    private final BatchNorm layer;
    private final boolean ofBatch;

    BatchNormPass(BatchNorm layer, LayerContext context, Groups groups) {
      super(context, groups, groups, layer.epsilon, Affine.of(layer.affine));
      this.layer = layer;
      ofBatch = context.mode() == Mode.TRAINING || !layer.statistics;
    }

    @Override
    boolean usesOwnMoments() {
      return ofBatch;
    }

    @Override
    void moments(Tensor x, Tensor sampleMean, Tensor variance) {
      if (!ofBatch) {
        sampleMean.copyFrom(context.parameter(RUNNING_MEAN));
        variance.copyFrom(context.parameter(RUNNING));
      } else if (isPlain()) {
        ops.momentsOverRows(x, own, sampleMean, variance);
      } else {
        ops.momentsOfChannels(x, own, sampleMean, variance);
      }
    }

    /** Updates the running statistics. */
    @Override
    void use(Tensor sampleMean, Tensor variance) {
      if (ofBatch && layer.statistics) {
        average(RUNNING_MEAN, sampleMean);
        average(RUNNING, variance);
      }
    }

    private void average(String statistic, Tensor sample) {
      ops.movingAverage(
          context.parameter(statistic), sample, layer.momentum, context.update(statistic));
    }

    @Override
    void sums(Tensor values, Tensor sum) {
      if (isPlain()) {
        ops.sumOverRows(values, own, sum);
      } else {
        ops.sumOfChannels(values, own, sum);
      }
    }

    @Override
    void scaledSums(Tensor values, Tensor sum) {
      sums(values, sum);
    }

    @Override
    public Terms terms() {
      return new NormTerms(this) {
        private double[] size = {};
        private double[] variation = {};

        @Override
        public Tensor forward(List<Tensor> inputs, Tensor y) {
          double[] values = inputs.get(0).unwrap();
          double[] products = new double[values.length];
          for (int i = 0; i < products.length; i++) {
            double m = mean.unwrap()[own.of(i)];
            products[i] = Math.abs(values[i] - m) * (Math.abs(values[i]) + Math.abs(m));
          }
          size = own.means(Terms.magnitudes(inputs.get(0)).unwrap());
          variation = own.means(products);
          return super.forward(inputs, y);
        }

        @Override
        public Tensor update(String statistic, Tensor value) {
          Tensor running = Terms.magnitudes(context.parameter(statistic));
          double[] sample = statistic.equals(RUNNING_MEAN) ? size : variation;
          ops.movingAverage(running, Tensor.vector(sample), layer.momentum, running);
          return running;
        }
      };
    }

    /** Features without planes: numpy adds them in another order than planes of one element. */
    private boolean isPlain() {
      return context.input().rank() == 1;
    }
  }
}
