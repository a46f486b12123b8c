package org.allclose.loss;

import java.util.List;
import java.util.OptionalInt;
import org.allclose.internal.ops.Ops;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Multiclass hinge loss of a support vector machine: the sum of {@code max(0, x_j - x_y + margin)}
 * over the wrong classes j, averaged over the batch.
 *
 * <p>Shapes: scores (N, C), N labels from 0 to C - 1, gradient (N, C).
 *
 * <p>Source: the reference's {@code hinge_loss}; cs231n {@code svm_loss}.
 *
 * @param margin by how much the right score should be above the others
 */
public record HingeLoss(double margin) implements Loss {

  /** The margin where nothing is said. */
  public static final double DEFAULT_MARGIN = 1.0;

  private static final Setting<HingeLoss, Double> MARGIN =
      Setting.number("margin", HingeLoss::margin).finite().orElse(DEFAULT_MARGIN).bare();

  /** What this kind of loss says of itself. */
  public static final Type<HingeLoss> TYPE =
      Type.of("hinge", HingeLoss.class, v -> new HingeLoss(v.get(MARGIN)), MARGIN)
          .withSamples(
              () -> List.of(Sample.of(new HingeLoss(), 4), Sample.of(new HingeLoss(0.5), 3)));

  /**
   * @throws IllegalArgumentException if the margin is not finite
   */
  public HingeLoss {
    MARGIN.check(margin);
  }

  /** A loss with the default margin. */
  public HingeLoss() {
    this(DEFAULT_MARGIN);
  }

  @Override
  public Type<HingeLoss> type() {
    return TYPE;
  }

  @Override
  public boolean takesLabels() {
    return true;
  }

  @Override
  public void checkScores(Shape scores) {
    SoftmaxLoss.requireClasses(scores);
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    return Ops.of(scores.dtype())
        .hingeLoss(scores, targets.classes(scores.shape(), OptionalInt.empty()), margin, gradient);
  }

  /** Of the loss {@code |x_j| + |x_y| + |margin|} where it counts; the gradient's magnitude. */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    evaluate(scores, targets, gradient);
    int samples = scores.shape().axis(0);
    int classes = scores.shape().axis(1);
    int[] labels = targets.classes(scores.shape(), OptionalInt.empty());
    double[] x = scores.unwrap();
    double[] terms = gradient.unwrap();
    double sum = 0;
    for (int k = 0; k < terms.length; k++) {
      int right = k / classes * classes + labels[k / classes];
      if (k != right && terms[k] != 0) {
        sum += Math.abs(x[k]) + Math.abs(x[right]) + Math.abs(margin);
      }
      terms[k] = Math.abs(terms[k]);
    }
    return sum / samples;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
