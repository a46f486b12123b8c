package org.allclose.internal.kernel.sequence;

/**
 * What a recurrent layer computes in a step from the products of x and h with its weights.
 *
 * <p>Each operation is rounded as in the reference's numpy expression, which stands at each method.
 * Matrices are (rows, gates * units), of states (rows, units); of a step they start at offsets.
 */
public interface Cell {

  /** Returns how many gates there are. */
  int gates();

  /** Returns whether there is a second state, c. */
  default boolean hasMemory() {
    return false;
  }

  /**
   * Returns whether what is kept of a step is multiplied with h's weights, too: between {@link
   * #forward} and {@link #finish}, which finds the product where that of h was.
   */
  default boolean multipliesKept() {
    return false;
  }

  /**
   * What is known of all steps.
   *
   * @param units the width of a state
   * @param a of each step the product of x with its weights, then its gates
   * @param ah the product of h with its weights; overwritten in the step
   * @param b biases
   * @param bh further biases; empty if there are none
   * @param h states, from that before the first step on
   * @param c memories likewise; empty if there are none
   * @param kept of each step what the cell wants to keep
   * @param dkept of a step the gradient of what is kept, if it is multiplied; else empty
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Run(
      int rows,
      int units,
      double[] a,
      double[] ah,
      double[] b,
      double[] bh,
      double[] h,
      double[] c,
      double[] kept,
      double[] dkept) {

    /** Where the state before a step starts. */
    int state(int step) {
      return step * rows * units;
    }

    /** Computes {@code a + ah + b}, and {@code + bh} where it is there, at one place. */
    double affine(int place, int row, int column, int columns) {
      double sum = a[place] + ah[row * columns + column] + b[column];
      return bh.length == 0 ? sum : sum + bh[column];
    }
  }

  /**
   * Computes the terms of the state after a step: how far off it is in units of rounding errors.
   *
   * @param run of magnitudes
   * @param sums of the terms of each gate before its function; not modified
   * @param ofH of the state before; modified: of that after
   * @param ofC of the memory before; modified: of that after
   */
  void addTerms(Run run, int step, double[] sums, double[] ofH, double[] ofC);

  /**
   * Computes the terms of what is kept and multiplied.
   *
   * @param sums as in {@link #addTerms}
   * @param ofH of the state before; not modified
   * @param terms modified: overwritten
   */
  default void keptTerms(Run run, int step, double[] sums, double[] ofH, double[] terms) {}

  /** Computes gates and the state after a step. */
  void forward(Run run, int step);

  /** Computes what comes behind the product of what is kept. */
  default void finish(Run run, int step) {}

  /**
   * Computes the gradient of the product of what is kept, before {@link #backward}.
   *
   * @param dh of the state after the step; not modified
   * @param product modified: overwritten
   */
  default void backwardToProduct(Run run, int step, double sign, double[] dh, double[] product) {}

  /**
   * Computes gradients of a step.
   *
   * @param sign -1; with 1 differences become sums, for terms
   * @param dh of the state after the step; modified: what comes back besides the product with da
   * @param dc of the memory after the step; modified: of that before
   * @param da of the gates' products with x; modified: overwritten
   * @param dah of those with h; modified: overwritten
   * @return whether dh is to be added to what comes back through h's product
   */
  boolean backward(
      Run run, int step, double sign, double[] dh, double[] dc, double[] da, double[] dah);
}
