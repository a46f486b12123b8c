package org.allclose.internal.kernel.product;

import org.allclose.internal.kernel.runtime.KernelChoice;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.internal.kernel.runtime.PerThread;

/**
 * Matrix product with the bits of numpy's {@code A.dot(B)}, for every shape.
 *
 * <p>The order of summation is written down in {@link ProductKernel}. It does not depend on the
 * implementation chosen ({@link KernelChoice}), on the vector width, or on the number of threads.
 * The leading dimensions do not matter either: the result is that of contiguous copies of the
 * operands. Arguments are not checked.
 *
 * <p>Source: numpy {@code dot} with OpenBLAS' Haswell kernels on one thread.
 */
public final class MatrixProduct {
  /** Operations, counted as 2mnk, from which on two threads are faster than one. */
  private static final double WORTH_SHARING = 2e6;

  /** The same for vector products, which wait for memory. */
  private static final double VECTOR_WORTH_SHARING = 3e5;

  /** Operations that make a part of a shared product. */
  private static final double PART = 1e6;

  private static final ProductKernel KERNEL =
      KernelChoice.implementation(
          ProductKernel.class,
          ReferenceProductKernel::new,
          ScalarProductKernel::new,
          "org.allclose.internal.kernel.product.VectorProductKernel");

  private static final PerThread<Call> CALL = new PerThread<>(Call::new);

  private MatrixProduct() {}

  /**
   * Computes {@code C = op(A) op(B)}, row-major, on the default number of threads.
   *
   * @param transposeA whether op(A) is the transpose of the array given
   * @param transposeB whether op(B) is the transpose of the array given
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A), rows of op(B)
   * @param a not modified
   * @param aOffset where A starts
   * @param lda distance between the rows of the array A
   * @param b not modified
   * @param bOffset where B starts
   * @param ldb distance between the rows of the array B
   * @param c modified: overwritten with the product; not one of the operands
   * @param cOffset where C starts
   * @param ldc distance between the rows of C
   */
  public static void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      double[] a,
      int aOffset,
      int lda,
      double[] b,
      int bOffset,
      int ldb,
      double[] c,
      int cOffset,
      int ldc) {
    multiply(
        transposeA,
        transposeB,
        m,
        n,
        k,
        a,
        aOffset,
        lda,
        b,
        bOffset,
        ldb,
        c,
        cOffset,
        ldc,
        Epilogue.NONE,
        Parallel.ofDefault());
  }

  /**
   * Computes {@code C = op(A) op(B)}, row-major, then applies an epilogue to each element.
   *
   * @param transposeA whether op(A) is the transpose of the array given
   * @param transposeB whether op(B) is the transpose of the array given
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A), rows of op(B)
   * @param a not modified
   * @param aOffset where A starts
   * @param lda distance between the rows of the array A
   * @param b not modified
   * @param bOffset where B starts
   * @param ldb distance between the rows of the array B
   * @param c modified: overwritten with the result; not one of the operands
   * @param cOffset where C starts
   * @param ldc distance between the rows of C
   * @param epilogue what is done to the elements of the product
   * @param parallel how many threads may work; small products stay on the calling thread
   */
  public static void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      double[] a,
      int aOffset,
      int lda,
      double[] b,
      int bOffset,
      int ldb,
      double[] c,
      int cOffset,
      int ldc,
      Epilogue epilogue,
      Parallel parallel) {
    if (m == 0 || n == 0) {
      return;
    }
    KernelChoice.announce((long) m * n * k);
    Call call = CALL.get();
    Product product = call.product;
    product.set(
        transposeA,
        transposeB,
        m,
        n,
        k,
        a,
        aOffset,
        lda,
        b,
        bOffset,
        ldb,
        c,
        cOffset,
        ldc,
        epilogue);
    call.run(KERNEL, parallel);
    product.clear();
  }

  /** Returns what computes the products of this JVM. */
  static ProductKernel kernel() {
    return KERNEL;
  }

  /** A product on its way through the kernel. Belongs to a thread, so that it can be reused. */
  static final class Call implements Parallel.Task {
    final Product product = new Product();
    private ProductKernel kernel;
    private int rowParts;
    private int columnParts;

    void run(ProductKernel kernel, Parallel parallel) {
      divide(parallel.threads());
      share(kernel, parallel);
    }

    /** Computes the product in a given number of parts, as far as it is large enough. */
    void run(ProductKernel kernel, Parallel parallel, int rowParts, int columnParts) {
      this.rowParts = Math.min(rowParts, Math.max(1, product.m / ProductKernel.ROW_ALIGNMENT));
      this.columnParts =
          Math.min(columnParts, Math.max(1, product.n / ProductKernel.COLUMN_ALIGNMENT));
      share(kernel, parallel);
    }

    private void share(ProductKernel kernel, Parallel parallel) {
      if (rowParts * columnParts == 1) {
        kernel.multiply(product, 0, product.m, 0, product.n);
      } else {
        this.kernel = kernel;
        parallel.forRange(rowParts * columnParts, this);
      }
    }

    @Override
    public void run(int index) {
      int row = index / columnParts;
      int column = index % columnParts;
      kernel.multiply(
          product,
          cut(product.m, rowParts, row, ProductKernel.ROW_ALIGNMENT),
          cut(product.m, rowParts, row + 1, ProductKernel.ROW_ALIGNMENT),
          cut(product.n, columnParts, column, ProductKernel.COLUMN_ALIGNMENT),
          cut(product.n, columnParts, column + 1, ProductKernel.COLUMN_ALIGNMENT));
    }

    /**
     * Chooses into how many parts rows and columns are cut: as square ones as possible, and rows
     * rather than columns of a square, since a thread then reads longer runs of B.
     */
    private void divide(int threads) {
      rowParts = 1;
      columnParts = 1;
      Product q = product;
      double work = 2.0 * q.m * q.n * q.k;
      boolean vector = q.m == 1 || q.n == 1;
      if (threads == 1 || work < (vector ? VECTOR_WORTH_SHARING : WORTH_SHARING)) {
        return;
      }
      int wanted = vector ? threads : (int) Math.min(threads, Math.max(2, work / PART));
      int mostRows = Math.max(1, q.m / ProductKernel.ROW_ALIGNMENT);
      int mostColumns = Math.max(1, q.n / ProductKernel.COLUMN_ALIGNMENT);
      double best = Double.MAX_VALUE;
      for (int rows = 1; rows <= Math.min(wanted, mostRows); rows++) {
        int columns = Math.min(wanted / rows, mostColumns);
        // Time of the largest part: its elements, and reading its share of A and B.
        double height = Math.ceil((double) q.m / rows);
        double width = Math.ceil((double) q.n / columns);
        double time = height * width + 16 * (height + width);
        if (time <= best) {
          best = time;
          rowParts = rows;
          columnParts = columns;
        }
      }
    }

    /** Returns where part {@code index} starts. */
    static int cut(int length, int parts, int index, int alignment) {
      if (index == parts) {
        return length;
      }
      return (int) ((long) length * index / parts) / alignment * alignment;
    }
  }
}
