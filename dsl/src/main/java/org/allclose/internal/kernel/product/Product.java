package org.allclose.internal.kernel.product;

/**
 * One matrix product as the kernels see it: {@code C = op(A) op(B)}, op(A) m × k, op(B) k × n, with
 * the strides that make transposes disappear and the form that decides the order of summation.
 *
 * <p>Element (i, p) of op(A) is {@code a[aOffset + i * aRow + p * aTerm]}, element (p, j) of op(B)
 * is {@code b[bOffset + p * bTerm + j * bColumn]}, element (i, j) of C is {@code c[cOffset + i *
 * ldc + j]}. Objects are reused, so nothing is allocated for a product.
 */
final class Product {
  /** How numpy and OpenBLAS compute a product, see {@link ProductKernel}. */
  enum Form {
    /** m = n = k = 1. */
    SINGLE,
    /** k = 1 and one of m and n is 1: a number times a vector. */
    SCALED,
    /** m = n = 1: the inner product of two vectors. */
    INNER,
    /** One of m and n is 1, and the outputs lie side by side in the matrix. */
    VECTOR_ALONG_OUTPUTS,
    /** One of m and n is 1, and the terms of a sum lie side by side in the matrix. */
    VECTOR_ALONG_TERMS,
    /** Two matrices. */
    GENERAL,
    /** A matrix and the transpose of the same array. */
    SYMMETRIC
  }

  /** Terms of a block of k. */
  private static final int BLOCK = 256;

  int m;
  int n;
  int k;
  double[] a;
  int aOffset;
  int aRow;
  int aTerm;
  double[] b;
  int bOffset;
  int bTerm;
  int bColumn;
  double[] c;
  int cOffset;
  int ldc;
  Form form;
  Epilogue epilogue;

  /** Takes what a plan says, and the arrays of a run. */
  void set(
      MatrixProduct plan,
      double[] a,
      int aOffset,
      double[] b,
      int bOffset,
      double[] c,
      int cOffset) {
    m = plan.m;
    n = plan.n;
    k = plan.k;
    this.a = a;
    this.aOffset = aOffset;
    aRow = plan.transposeA ? 1 : plan.aStride;
    aTerm = plan.transposeA ? plan.aStride : 1;
    this.b = b;
    this.bOffset = bOffset;
    bTerm = plan.transposeB ? 1 : plan.bStride;
    bColumn = plan.transposeB ? plan.bStride : 1;
    this.c = c;
    this.cOffset = cOffset;
    ldc = plan.cStride;
    epilogue = plan.epilogue;
    boolean sameArray =
        !plan.ofTwo && a == b && aOffset == bOffset && plan.aStride == plan.bStride && m == n;
    form = form(plan, sameArray);
  }

  /** Lets go of the arrays. */
  void clear() {
    a = null;
    b = null;
    c = null;
    epilogue = Epilogue.NONE;
  }

  private static Form form(MatrixProduct plan, boolean sameArray) {
    if (plan.m > 1 && plan.n > 1) {
      return sameArray && plan.transposeA != plan.transposeB ? Form.SYMMETRIC : Form.GENERAL;
    }
    if (plan.k == 1) {
      return plan.m == plan.n ? Form.SINGLE : Form.SCALED;
    }
    if (plan.m == plan.n) {
      return Form.INNER;
    }
    boolean alongOutputs = plan.m == 1 ? !plan.transposeB : plan.transposeA;
    return alongOutputs ? Form.VECTOR_ALONG_OUTPUTS : Form.VECTOR_ALONG_TERMS;
  }

  /** Returns how many of the {@code left} terms make the next block. */
  int blockLength(int left) {
    boolean halved = left > BLOCK && left < 2 * BLOCK;
    return halved && form == Form.SYMMETRIC ? (left + 1) / 2 : generalBlockLength(left);
  }

  /** Returns how many of the {@code left} terms make the next block of a general product. */
  static int generalBlockLength(int left) {
    if (left >= 2 * BLOCK) {
      return BLOCK;
    }
    return left <= BLOCK ? left : (left / 2 + 3) / 4 * 4;
  }

  /** Returns whether row i is the odd last row, whose first columns are summed in four chains. */
  boolean isOddRow(int i) {
    return form == Form.GENERAL && i == m - 1 && (m & 1) == 1;
  }

  // The vector forms: y = M x, with one output for each column (m = 1) or row (n = 1) of C.

  int outputs() {
    return m == 1 ? n : m;
  }

  double[] x() {
    return m == 1 ? a : b;
  }

  int xOffset() {
    return m == 1 ? aOffset : bOffset;
  }

  int xTerm() {
    return m == 1 ? aTerm : bTerm;
  }

  double[] matrix() {
    return m == 1 ? b : a;
  }

  int matrixOffset() {
    return m == 1 ? bOffset : aOffset;
  }

  int matrixTerm() {
    return m == 1 ? bTerm : aTerm;
  }

  int matrixOutput() {
    return m == 1 ? bColumn : aRow;
  }

  int outputStride() {
    return m == 1 ? 1 : ldc;
  }
}
