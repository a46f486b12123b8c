package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.LossOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Binary cross-entropy of scores that are probabilities already: the mean over all scores of {@code
 * -t * log(x) - (1 - t) * log(1 - x)}, each logarithm being -100 at least, computed as {@code (t -
 * 1) * log1p(-x) - t * log(x)}.
 *
 * <p>Shapes: scores and targets (N, ...), targets from 0 to 1, gradient as scores: {@code (x - t) /
 * max((1 - x) * x, 1e-12) / size}. Another reduction divides by 1, or by N.
 *
 * <p>Source: the reference's {@code binary_cross_entropy_of_probabilities}; PyTorch {@code
 * BCELoss}.
 *
 * @param reduction what the sum is divided by
 */
public record BinaryCrossEntropyOfProbabilities(Reduction reduction) implements Loss {

  private static final Setting<BinaryCrossEntropyOfProbabilities, Reduction> REDUCTION =
      Reduction.setting(BinaryCrossEntropyOfProbabilities::reduction);

  /** What this kind of loss says of itself. */
  public static final Type<BinaryCrossEntropyOfProbabilities> TYPE =
      Type.of(
              "binaryCrossEntropyOfProbabilities",
              BinaryCrossEntropyOfProbabilities.class,
              v -> new BinaryCrossEntropyOfProbabilities(v.get(REDUCTION)),
              REDUCTION)
          .withSamples(() -> List.of(Sample.of(new BinaryCrossEntropyOfProbabilities(), 3)));

  /**
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public BinaryCrossEntropyOfProbabilities {
    REDUCTION.check(reduction);
  }

  /** A mean. */
  public BinaryCrossEntropyOfProbabilities() {
    this(Reduction.DEFAULT);
  }

  /** Returns the same loss with another divisor. */
  public BinaryCrossEntropyOfProbabilities reduction(Reduction other) {
    return TYPE.with(this, REDUCTION, other);
  }

  @Override
  public Type<BinaryCrossEntropyOfProbabilities> type() {
    return TYPE;
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    Tensor values = targets.values(scores.shape());
    double count = reduction.count(scores.shape());
    return LossOps.of(scores.dtype())
        .binaryCrossEntropyOfProbabilities(scores, values, count, gradient);
  }

  /**
   * The magnitude of the loss, whose terms are positive; of the gradient those of {@code |x| +
   * |t|}.
   */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    double loss = evaluate(scores, targets, gradient);
    double[] x = scores.unwrap();
    double[] t = targets.values(scores.shape()).unwrap();
    double count = reduction.count(scores.shape());
    for (int i = 0; i < x.length; i++) {
      double variance = Math.max((1 - x[i]) * x[i], 1e-12);
      gradient.unwrap()[i] = (Math.abs(x[i]) + Math.abs(t[i])) / variance / count;
    }
    return loss;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
