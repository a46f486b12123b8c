package org.allclose.loss;

import org.allclose.kernel.Losses;
import org.allclose.kernel.Softmax;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * Softmax with cross-entropy: {@code sum(-log(exp(x_y - max) / sum)) / N}, where {@code sum} is
 * that of {@code exp(x - max)} over the classes.
 *
 * <p>Shapes: scores (N, C), N labels from 0 to C - 1, gradient (N, C): {@code (exp(x - max) / sum -
 * onehot) / N}. Where the probability of the right class underflows to 0, and the formula would
 * give infinity, that sample's loss is computed as {@code log(sum) - (x_y - max)}; wherever the
 * formula is finite its bits are kept.
 *
 * <p>Instead of labels, targets can be probabilities (N, C): the loss is then {@code sum(t *
 * (log(sum) - (x - max))) / N}.
 *
 * <p>Source: the reference's {@code softmax_loss} and {@code softmax_cross_entropy}; cs231n {@code
 * softmax_loss}.
 */
public record SoftmaxLoss() implements Loss {

  @Override
  public String type() {
    return "softmax";
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
    double[] x = scores.unwrap();
    if (targets.areLabels()) {
      int[] labels = targets.classes(samples, classes);
      return Softmax.loss(x, labels, samples, classes, gradient.unwrap());
    }
    double[] probabilities = targets.values(scores.shape()).unwrap();
    return Losses.softmax(x, probabilities, samples, classes, gradient.unwrap());
  }

  @Override
  public String toString() {
    return "softmax";
  }
}
