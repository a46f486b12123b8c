package org.allclose.loss;

import java.util.OptionalInt;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Type;

/**
 * A number that says how far scores are from their targets, averaged unless a loss says otherwise.
 */
public interface Loss {

  /** Returns what this kind of loss says of itself: its name in files, its settings. */
  Type<? extends Loss> type();

  /**
   * Returns whether targets can be labels, one for each sample, rather than values alone; not by
   * default.
   */
  default boolean takesLabels() {
    return false;
  }

  /** Returns the label of places that do not count, if there is one; there is none by default. */
  default OptionalInt ignoredLabel() {
    return OptionalInt.empty();
  }

  /**
   * Checks that this loss can be taken of scores of the given shape; the default takes any.
   *
   * @param scores the shape of one sample's scores
   * @throws org.allclose.tensor.ShapeMismatchException if not; the message says what was expected
   *     and got, the caller adds the place
   */
  default void checkScores(Shape scores) {}

  /**
   * Computes the loss and its gradient with respect to the scores.
   *
   * @param scores a batch, not modified
   * @param targets one target for each sample
   * @param gradient of the shape of the scores; modified: overwritten with the gradient
   * @return the loss
   * @throws IllegalArgumentException if the targets do not fit the scores
   */
  double evaluate(Tensor scores, Targets targets, Tensor gradient);

  /**
   * Computes the sums of the magnitudes of the terms that {@link #evaluate} computes loss and
   * gradient from, as {@link org.allclose.layer.Terms} are of a layer's results.
   *
   * @param scores a batch, not modified
   * @param targets those of {@link #evaluate}
   * @param gradient of the shape of the scores; modified: overwritten with the gradient's terms
   * @return the terms of the loss
   * @throws IllegalArgumentException if the targets do not fit the scores
   */
  double terms(Tensor scores, Targets targets, Tensor gradient);
}
