package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Mean absolute error: {@code sum(|x - t|) / size} over all scores of the batch.
 *
 * <p>Shapes: scores and targets (N, ...), gradient as scores: {@code sign(x - t) / size}, 0 where
 * they are equal.
 *
 * <p>Source: the reference's {@code mean_absolute_error}; PyTorch {@code L1Loss}.
 */
public record MeanAbsoluteError() implements Loss {

  /** What this kind of loss says of itself. */
  public static final Type<MeanAbsoluteError> TYPE =
      Type.plain("meanAbsoluteError", MeanAbsoluteError.class, MeanAbsoluteError::new)
          .withSamples(() -> List.of(Sample.of(new MeanAbsoluteError(), 3)));

  @Override
  public Type<MeanAbsoluteError> type() {
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
    Ops ops = Ops.of(scores.dtype());
    double[] difference = gradient.unwrap();
    ops.subtract(scores, targets.values(scores.shape()), gradient);
    for (int i = 0; i < difference.length; i++) {
      difference[i] = Math.abs(difference[i]);
    }
    double loss = ops.sum(gradient) / scores.size();
    ops.subtract(scores, targets.values(scores.shape()), gradient);
    for (int i = 0; i < difference.length; i++) {
      difference[i] = Math.signum(difference[i]) / difference.length;
    }
    return loss;
  }

  /** Of the loss the mean of {@code |x| + |t|}; the gradient's magnitude. */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    evaluate(scores, targets, gradient);
    double[] t = targets.values(scores.shape()).unwrap();
    double sum = 0;
    for (int i = 0; i < t.length; i++) {
      sum += Math.abs(scores.unwrap()[i]) + Math.abs(t[i]);
      gradient.unwrap()[i] = Math.abs(gradient.unwrap()[i]);
    }
    return sum / t.length;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
