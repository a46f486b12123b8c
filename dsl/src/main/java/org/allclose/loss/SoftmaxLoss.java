package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Softmax with cross-entropy: {@code sum(-log(exp(x_y - max) / sum)) / N}, where {@code sum} is
 * that of {@code exp(x - max)} over the classes.
 *
 * <p>Shapes: scores (N, C), N labels from 0 to C - 1, gradient (N, C): {@code (exp(x - max) / sum -
 * onehot) / N}. Where the probability of the right class is below the smallest normal number,
 * 2.2250738585072014e-308, it has lost digits, and the formula gives 739.9974 for 740, or infinity
 * from 745.2 on: that sample's loss is computed as {@code log(sum) - (x_y - max)}. Everywhere else
 * the formula's bits are kept.
 *
 * <p>Instead of labels, targets can be probabilities (N, C): the loss is then {@code sum(t *
 * (log(sum) - (x - max))) / N}.
 *
 * <p>Source: the reference's {@code softmax_loss} and {@code softmax_cross_entropy}; cs231n {@code
 * softmax_loss}.
 */
public record SoftmaxLoss() implements Loss {

  /** What this kind of loss says of itself. */
  public static final Type<SoftmaxLoss> TYPE =
      Type.plain("softmax", SoftmaxLoss.class, SoftmaxLoss::new)
          .withSamples(() -> List.of(Sample.of(new SoftmaxLoss(), 4)));

  @Override
  public Type<SoftmaxLoss> type() {
    return TYPE;
  }

  @Override
  public boolean takesLabels() {
    return true;
  }

  @Override
  public void checkScores(Shape scores) {
    requireClasses(scores);
  }

  static void requireClasses(Shape scores) {
    if (scores.rank() != 1) {
      throw new ShapeMismatchException("expected scores of shape (classes,) but got " + scores);
    }
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    int samples = scores.shape().axis(0);
    int classes = scores.shape().axis(1);
    Ops ops = Ops.of(scores.dtype());
    return targets.areLabels()
        ? ops.softmaxLoss(scores, targets.classes(samples, classes), gradient)
        : ops.crossEntropy(scores, targets.values(scores.shape()), gradient);
  }

  /**
   * With d = |x - max| and s = sum(p * d), which is what the rounding of d does to the sum: of the
   * loss the mean of {@code sum(t * (1 + s + log(sum) + d))}, of the gradient {@code (p * (2 + d +
   * s) * sum(t) + t) / N}, t being the targets or 1 for the right class.
   */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    int samples = scores.shape().axis(0);
    int classes = scores.shape().axis(1);
    double[] t = probabilities(targets, scores.shape()).unwrap();
    double[] x = scores.unwrap();
    double total = 0;
    for (int row = 0; row < x.length; row += classes) {
      double max = Ops.maximum(x, row, classes);
      double sum = 0;
      double s = 0;
      double weight = 0;
      for (int j = row; j < row + classes; j++) {
        double e = StrictMath.exp(x[j] - max);
        sum += e;
        s += e == 0 ? 0 : e * (max - x[j]);
        weight += Math.abs(t[j]);
      }
      s /= sum;
      for (int j = row; j < row + classes; j++) {
        double p = StrictMath.exp(x[j] - max) / sum;
        double d = p == 0 && t[j] == 0 ? 0 : max - x[j];
        total += t[j] == 0 ? 0 : Math.abs(t[j]) * (1 + s + StrictMath.log(sum) + d);
        gradient.unwrap()[j] = ((p == 0 ? 0 : p * (2 + d + s) * weight) + Math.abs(t[j])) / samples;
      }
    }
    return total / samples;
  }

  /** Returns targets as a probability for each class. */
  private static Tensor probabilities(Targets targets, Shape scores) {
    if (!targets.areLabels()) {
      return targets.values(scores);
    }
    Tensor probabilities = Tensor.zeros(scores);
    int[] labels = targets.classes(scores.axis(0), scores.axis(1));
    for (int i = 0; i < labels.length; i++) {
      probabilities.set(1, i, labels[i]);
    }
    return probabilities;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
