package org.allclose.exact;

import java.util.List;
import org.apache.commons.math3.dfp.Dfp;

/**
 * A number in exact-enough arithmetic that knows how it came about.
 *
 * <p>Gradients are not derived by hand: {@link #backward} applies the chain rule to every operation
 * that led here, so that they depend on nothing but the forward formulas.
 */
final class Node {
  private final Dfp value;
  private final List<Node> parents;
  private final List<Dfp> slopes;
  private Dfp gradient;

  /**
   * @param parents what the number was computed from
   * @param slopes its derivative with respect to each of them
   */
  Node(Dfp value, List<Node> parents, List<Dfp> slopes) {
    this.value = value;
    this.parents = parents;
    this.slopes = slopes;
    gradient = value.getZero();
  }

  Dfp value() {
    return value;
  }

  /** Returns the derivative of what {@link Tape#backward} went back from. */
  Dfp gradient() {
    return gradient;
  }

  /** Adds to the derivative. */
  void add(Dfp share) {
    gradient = gradient.add(share);
  }

  /** Hands the derivative on to the parents. */
  void backward() {
    if (!gradient.isZero()) {
      for (int i = 0; i < parents.size(); i++) {
        parents.get(i).add(gradient.multiply(slopes.get(i)));
      }
    }
  }
}
