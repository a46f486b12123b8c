package org.allclose.loss;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.allclose.internal.ops.LossOps;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Binary cross-entropy of scores as logits: the mean over all scores of {@code -t * log(p) - (1 -
 * t) * log(1 - p)} with p the sigmoid of the score, computed as {@code max(x, 0) - x * t +
 * log1p(exp(-|x|))}.
 *
 * <p>Shapes: scores and targets (N, ...), targets from 0 to 1, gradient as scores: {@code
 * (sigmoid(x) - t) / size}. Another reduction divides by 1, or by N.
 *
 * <p>With weights w, factors of the terms, and positive weights q, factors of what speaks for 1,
 * the terms are {@code ((1 - t) * x + ((q - 1) * t + 1) * (log1p(exp(-|x|)) + max(-x, 0))) * w},
 * the gradient {@code ((q * t + 1 - t) * sigmoid(x) - q * t) * w / size}.
 *
 * <p>Source: the reference's {@code binary_cross_entropy}; PyTorch {@code BCEWithLogitsLoss}.
 *
 * @param weights a factor for each place of the last axis, or one for all; none where all are 1
 * @param positiveWeights likewise, of what speaks for 1
 * @param reduction what the sum is divided by
 */
public record BinaryCrossEntropy(
    List<Double> weights, List<Double> positiveWeights, Reduction reduction) implements Loss {

  private static final Setting<BinaryCrossEntropy, List<Double>> WEIGHTS =
      factors("weights", BinaryCrossEntropy::weights);
  private static final Setting<BinaryCrossEntropy, List<Double>> POSITIVE_WEIGHTS =
      factors("positiveWeights", BinaryCrossEntropy::positiveWeights);
  private static final Setting<BinaryCrossEntropy, Reduction> REDUCTION =
      Reduction.setting(BinaryCrossEntropy::reduction);

  /** What this kind of loss says of itself. */
  public static final Type<BinaryCrossEntropy> TYPE =
      Type.of(
              "binaryCrossEntropy",
              BinaryCrossEntropy.class,
              v ->
                  new BinaryCrossEntropy(v.get(WEIGHTS), v.get(POSITIVE_WEIGHTS), v.get(REDUCTION)),
              WEIGHTS,
              POSITIVE_WEIGHTS,
              REDUCTION)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new BinaryCrossEntropy(), 3),
                      Sample.of(
                          new BinaryCrossEntropy().weights(0.5, 2, 1).positiveWeights(3), 2, 3)));

  private static final double[] ONE = {1};

  /**
   * @throws IllegalArgumentException if a factor is out of its range
   */
  public BinaryCrossEntropy {
    weights = List.copyOf(weights);
    positiveWeights = List.copyOf(positiveWeights);
    WEIGHTS.check(weights);
    POSITIVE_WEIGHTS.check(positiveWeights);
    REDUCTION.check(reduction);
  }

  /** A mean without factors. */
  public BinaryCrossEntropy() {
    this(List.of(), List.of(), Reduction.DEFAULT);
  }

  private static Setting<BinaryCrossEntropy, List<Double>> factors(
      String name, Function<BinaryCrossEntropy, List<Double>> component) {
    return ClassWeights.setting(name, component);
  }

  /** Returns the same loss with a factor for each place of the last axis, or one for all. */
  public BinaryCrossEntropy weights(double... factors) {
    return TYPE.with(this, WEIGHTS, Arrays.stream(factors).boxed().toList());
  }

  /** Returns the same loss with factors of what speaks for 1. */
  public BinaryCrossEntropy positiveWeights(double... factors) {
    return TYPE.with(this, POSITIVE_WEIGHTS, Arrays.stream(factors).boxed().toList());
  }

  /** Returns the same loss with another divisor. */
  public BinaryCrossEntropy reduction(Reduction other) {
    return TYPE.with(this, REDUCTION, other);
  }

  @Override
  public Type<BinaryCrossEntropy> type() {
    return TYPE;
  }

  /** Takes scores of any shape that fits the factors. */
  @Override
  public void checkScores(Shape scores) {
    requireFit(weights, scores);
    requireFit(positiveWeights, scores);
  }

  private static void requireFit(List<Double> factors, Shape scores) {
    if (factors.size() > 1
        && (scores.rank() == 0 || scores.axis(scores.rank() - 1) != factors.size())) {
      throw new ShapeMismatchException(
          "expected scores with "
              + factors.size()
              + " on the last axis, as many as there are weights, but got "
              + scores);
    }
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    LossOps ops = LossOps.of(scores.dtype());
    Tensor values = targets.values(scores.shape());
    double count = reduction.count(scores.shape());
    return isPlain()
        ? ops.binaryCrossEntropy(scores, values, count, gradient)
        : ops.binaryCrossEntropy(
            scores, values, array(positiveWeights), array(weights), count, gradient);
  }

  private boolean isPlain() {
    return weights.isEmpty() && positiveWeights.isEmpty();
  }

  private static double[] array(List<Double> factors) {
    return factors.isEmpty() ? ONE : ClassWeights.array(factors);
  }

  /**
   * Of the loss those of {@code |x| + |x * t| + log1p(exp(-|x|))}, of the gradient {@code
   * (sigmoid(x) + |t|) / size}, times what they count.
   */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    double[] x = scores.unwrap();
    double[] t = targets.values(scores.shape()).unwrap();
    double[] positive = array(positiveWeights);
    double[] factors = array(weights);
    double count = reduction.count(scores.shape());
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double q = Math.max(1, positive[i % positive.length]);
      double w = factors[i % factors.length];
      double size = Math.abs(x[i]);
      double z = StrictMath.exp(-size);
      sum += (size + Math.abs(x[i] * t[i]) + StrictMath.log1p(z)) * q * w;
      gradient.unwrap()[i] = ((x[i] >= 0 ? 1 : z) / (1 + z) + Math.abs(t[i])) * q * w / count;
    }
    return sum / count;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
