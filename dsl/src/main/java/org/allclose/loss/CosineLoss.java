package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.LossOps;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Cosine loss: the mean of {@code 1 - cos}, cos being that of the angle between scores and targets
 * along the last axis, {@code sum(x * t) / sqrt(a * b)} with {@code a = sum(x * x) + 1e-12} and
 * {@code b = sum(t * t) + 1e-12}.
 *
 * <p>Shapes: scores and targets (N, ..., D), gradient as scores: {@code (cos * x / a - t / sqrt(a *
 * b)) / rows}. Another reduction divides by 1, or by N.
 *
 * <p>Source: the reference's {@code cosine}; PyTorch {@code CosineEmbeddingLoss} for pairs that
 * belong together.
 *
 * @param reduction what the sum is divided by
 */
public record CosineLoss(Reduction reduction) implements Loss {

  /** What is added to the squares. */
  private static final double EPSILON = 1e-12;

  private static final Setting<CosineLoss, Reduction> REDUCTION =
      Reduction.setting(CosineLoss::reduction);

  /** What this kind of loss says of itself. */
  public static final Type<CosineLoss> TYPE =
      Type.of("cosine", CosineLoss.class, v -> new CosineLoss(v.get(REDUCTION)), REDUCTION)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new CosineLoss(), 4),
                      Sample.of(new CosineLoss(Reduction.SUM), 2, 3)));

  /**
   * @throws IllegalArgumentException if the reduction is out of its range
   */
  public CosineLoss {
    REDUCTION.check(reduction);
  }

  /** A mean. */
  public CosineLoss() {
    this(Reduction.DEFAULT);
  }

  /** Returns the same loss with another divisor. */
  public CosineLoss reduction(Reduction other) {
    return TYPE.with(this, REDUCTION, other);
  }

  @Override
  public Type<CosineLoss> type() {
    return TYPE;
  }

  @Override
  public void checkScores(Shape scores) {
    if (scores.rank() == 0) {
      throw new ShapeMismatchException("expected scores with an axis but got " + scores);
    }
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    return LossOps.of(scores.dtype())
        .cosine(scores, targets.values(scores.shape()), EPSILON, count(scores.shape()), gradient);
  }

  /**
   * Of the loss those of {@code 1 + c}, of the gradient {@code (c * |x| / a + |t| / sqrt(a * b)) /
   * rows}, with {@code c = sum(|x * t|) / sqrt(a * b)}.
   */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    double[] x = scores.unwrap();
    double[] t = targets.values(scores.shape()).unwrap();
    int columns = x.length / ClassWeights.rows(scores.shape());
    double count = count(scores.shape());
    double total = 0;
    for (int row = 0; row < x.length; row += columns) {
      double a = EPSILON;
      double b = EPSILON;
      double products = 0;
      for (int j = row; j < row + columns; j++) {
        a += x[j] * x[j];
        b += t[j] * t[j];
        products += Math.abs(x[j] * t[j]);
      }
      double c = products / Math.sqrt(a * b);
      total += 1 + c;
      for (int j = row; j < row + columns; j++) {
        double terms = c * Math.abs(x[j]) / a + Math.abs(t[j]) / Math.sqrt(a * b);
        gradient.unwrap()[j] = terms / count;
      }
    }
    return total / count;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private double count(Shape scores) {
    return reduction.count(scores, ClassWeights.rows(scores));
  }
}
