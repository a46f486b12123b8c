package org.allclose.internal.kernel.product;

import org.allclose.internal.kernel.runtime.Parallel;

/**
 * Products of many pairs of matrices of one size, each with the bits of numpy's {@code A.dot(B)}:
 * {@code C[i] = op(A[i]) op(B[i])}, where i counts the leading axes in C order, and numpy
 * broadcasts those of A and B.
 *
 * <p>A plan belongs to one caller at a time; a run of it allocates nothing. Threads share the
 * products where there are as many, else each product.
 */
public final class MatrixProducts {
  private static final double[] NOTHING = {};

  private final MatrixProduct product;
  private final int[] aOffsets;
  private final int[] bOffsets;
  private final int size;
  private final Parallel parallel;
  private final boolean isShared;
  private final Parallel.Task task = this::product;
  private double[] a = NOTHING;
  private double[] b = NOTHING;
  private double[] c = NOTHING;

  /**
   * Plans products.
   *
   * @param plan of one product, but for its threads
   * @param aLead the leading axes of the array of A, each as long as C's or 1; of their number
   * @param bLead those of the array of B
   * @param lead those of C
   */
  public MatrixProducts(
      MatrixProduct.Builder plan, int[] aLead, int[] bLead, int[] lead, Parallel parallel) {
    int count = 1;
    for (int length : lead) {
      count *= length;
    }
    this.parallel = parallel;
    isShared = parallel.threads() > 1 && count >= parallel.threads();
    product = plan.parallel(isShared ? Parallel.of(1) : parallel).build();
    size = product.m * product.n;
    aOffsets = offsets(aLead, lead, count, product.m * product.k);
    bOffsets = offsets(bLead, lead, count, product.k * product.n);
  }

  private static int[] offsets(int[] own, int[] lead, int count, int matrix) {
    int[] offsets = new int[count];
    for (int i = 0; i < count; i++) {
      int rest = i;
      int stride = matrix;
      for (int axis = lead.length - 1; axis >= 0; axis--) {
        offsets[i] += own[axis] == 1 ? 0 : rest % lead[axis] * stride;
        rest /= lead[axis];
        stride *= own[axis];
      }
    }
    return offsets;
  }

  /**
   * Computes all products.
   *
   * @param first the array of A; not modified
   * @param second the array of B; not modified
   * @param result the array of C; modified
   */
  public void run(double[] first, double[] second, double[] result) {
    a = first;
    b = second;
    c = result;
    if (isShared) {
      parallel.forRange(aOffsets.length, task);
    } else {
      for (int i = 0; i < aOffsets.length; i++) {
        product(i);
      }
    }
    a = NOTHING;
    b = NOTHING;
    c = NOTHING;
  }

  private void product(int i) {
    product.run(a, aOffsets[i], b, bOffsets[i], c, i * size);
  }
}
