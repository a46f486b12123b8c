package org.allclose.loss;

/**
 * One of the losses of a network, of one of its outputs: {@code weight * loss} is a term of the
 * whole loss.
 *
 * @param output the name of the output that it is taken of
 * @param weight finite
 */
public record WeightedLoss(String output, Loss loss, double weight) {

  /** The weight of a loss where nothing is said. */
  public static final double DEFAULT_WEIGHT = 1.0;

  /**
   * @throws IllegalArgumentException if the weight is not finite
   */
  public WeightedLoss {
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException("weight: expected a finite number but got " + weight);
    }
  }

  /** Returns whether nothing is said of the weight. */
  public boolean isPlain() {
    return weight == DEFAULT_WEIGHT;
  }

  /** Returns the loss and, unless it is 1, its weight before it. */
  @Override
  public String toString() {
    return (isPlain() ? "" : weight + " * ") + loss;
  }
}
