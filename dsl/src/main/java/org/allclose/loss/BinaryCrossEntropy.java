package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Binary cross-entropy of scores as logits: the mean over all scores of {@code -t * log(p) - (1 -
 * t) * log(1 - p)} with p the sigmoid of the score, computed as {@code max(x, 0) - x * t +
 * log1p(exp(-|x|))}.
 *
 * <p>Shapes: scores and targets (N, ...), targets from 0 to 1, gradient as scores: {@code
 * (sigmoid(x) - t) / size}.
 *
 * <p>Source: the reference's {@code binary_cross_entropy}; PyTorch {@code BCEWithLogitsLoss}.
 */
public record BinaryCrossEntropy() implements Loss {

  /** What this kind of loss says of itself. */
  public static final Type<BinaryCrossEntropy> TYPE =
      Type.plain("binaryCrossEntropy", BinaryCrossEntropy.class, BinaryCrossEntropy::new)
          .withSamples(() -> List.of(Sample.of(new BinaryCrossEntropy(), 3)));

  @Override
  public Type<BinaryCrossEntropy> type() {
    return TYPE;
  }

  @Override
  public boolean takesLabels() {
    return false;
  }

  /** Takes scores of any shape. */
  @Override
  public void checkScores(Shape scores) {}

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    return Ops.of(scores.dtype())
        .binaryCrossEntropy(scores, targets.values(scores.shape()), gradient);
  }

  /**
   * Of the loss the mean of {@code |x| + |x * t| + log1p(exp(-|x|))}, of the gradient {@code
   * (sigmoid(x) + |t|) / size}.
   */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    double[] x = scores.unwrap();
    double[] t = targets.values(scores.shape()).unwrap();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double size = Math.abs(x[i]);
      double z = StrictMath.exp(-size);
      sum += size + Math.abs(x[i] * t[i]) + StrictMath.log1p(z);
      gradient.unwrap()[i] = ((x[i] >= 0 ? 1 : z) / (1 + z) + Math.abs(t[i])) / x.length;
    }
    return sum / x.length;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
