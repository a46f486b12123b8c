package org.allclose.loss;

import java.util.function.Function;
import org.allclose.tensor.Shape;
import org.allclose.type.Setting;

/** What the sum of the terms of a loss is divided by. */
public enum Reduction {
  /** The number of terms: of scores, or of places that count. */
  MEAN,
  /** Nothing. */
  SUM,
  /** The number of samples. */
  BATCH_MEAN;

  /** What is done where nothing is said. */
  static final Reduction DEFAULT = MEAN;

  static <T> Setting<T, Reduction> setting(Function<T, Reduction> component) {
    return Setting.choice("reduction", Reduction.class, component).orElse(DEFAULT).quiet();
  }

  /**
   * Returns the divisor.
   *
   * @param scores the shape of a batch of scores
   * @param terms the number of terms, or the sum of their factors
   */
  double count(Shape scores, double terms) {
    return switch (this) {
      case MEAN -> terms;
      case SUM -> 1;
      case BATCH_MEAN -> scores.axis(0);
    };
  }

  /** Returns the divisor where each score is a term. */
  double count(Shape scores) {
    return count(scores, scores.size());
  }
}
