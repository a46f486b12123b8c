package org.allclose.internal.kernel.product;

import org.allclose.internal.kernel.runtime.KernelProvider;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.internal.kernel.runtime.PerThread;

/**
 * Matrix product with the bits of numpy's {@code A.dot(B)}, for every shape: {@code C = op(A)
 * op(B)}, row-major, op(A) (m, k), op(B) (k, n), C (m, n), where op transposes or does nothing.
 *
 * <p>An instance is a plan: all that can be known before the elements are. It is made once, and run
 * as often as there are operands, by several threads at once if need be; a run allocates nothing.
 * For example, with x (n, in), W (in, units) and b (units):
 *
 * <pre>{@code
 * MatrixProduct affine =
 *     MatrixProduct.builder(n, units, in).epilogue(Epilogue.columnBias(b, 0)).build();
 * affine.run(x, w, y);
 * }</pre>
 *
 * <p>The order of summation is written down in {@link ProductKernel}. It does not depend on the
 * implementation chosen ({@link KernelProvider}), on the vector width, or on the number of threads.
 * The row strides do not matter either: the result is that of contiguous copies of the operands.
 * Arguments are not checked.
 *
 * <p>Source: numpy {@code dot} with OpenBLAS' Haswell kernels on one thread.
 */
public final class MatrixProduct {
  private static final ProductKernel KERNEL = KernelProvider.current().get(ProductKernel.class);

  private static final PerThread<Call> CALL = new PerThread<>(Call::new);

  final int m;
  final int n;
  final int k;
  final boolean transposeA;
  final boolean transposeB;
  final int aStride;
  final int bStride;
  final int cStride;
  final boolean ofTwo;
  final Epilogue epilogue;
  private final Parallel parallel;
  private final Partition partition;

  private MatrixProduct(Builder builder) {
    m = builder.m;
    n = builder.n;
    k = builder.k;
    transposeA = builder.transposeA;
    transposeB = builder.transposeB;
    aStride = builder.contiguous ? (transposeA ? m : k) : builder.aStride;
    bStride = builder.contiguous ? (transposeB ? k : n) : builder.bStride;
    cStride = builder.contiguous ? n : builder.cStride;
    ofTwo = builder.ofTwo;
    epilogue = builder.epilogue;
    parallel = builder.parallel;
    partition = Partition.of(m, n, k, parallel.threads());
  }

  /**
   * Begins the plan of a product of contiguous operands, neither transposed, on the default number
   * of threads.
   *
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A), rows of op(B)
   */
  public static Builder builder(int m, int n, int k) {
    return new Builder(m, n, k);
  }

  /** Returns how many of the {@code left} terms are summed up before they are added to C. */
  public static int blockLength(int left) {
    return Product.generalBlockLength(left);
  }

  /**
   * Computes C.
   *
   * @param a not modified
   * @param b not modified
   * @param c modified: overwritten with the result; not one of the operands
   */
  public void run(double[] a, double[] b, double[] c) {
    run(a, 0, b, 0, c, 0);
  }

  /**
   * Computes C.
   *
   * @param a not modified
   * @param aOffset where A starts
   * @param b not modified
   * @param bOffset where B starts
   * @param c modified: overwritten with the result; not one of the operands
   * @param cOffset where C starts
   */
  public void run(double[] a, int aOffset, double[] b, int bOffset, double[] c, int cOffset) {
    if (m == 0 || n == 0) {
      return;
    }
    KernelProvider.announce((long) m * n * k);
    Call call = CALL.get();
    call.product.set(this, a, aOffset, b, bOffset, c, cOffset);
    call.run(KERNEL, parallel, partition);
    call.product.clear();
  }

  /** Returns the parts that threads compute. */
  Partition partition() {
    return partition;
  }

  /** Returns what computes the products of this JVM. */
  static ProductKernel kernel() {
    return KERNEL;
  }

  /** What a plan says of a product, see {@link MatrixProduct#builder}. */
  public static final class Builder {
    private final int m;
    private final int n;
    private final int k;
    private boolean transposeA;
    private boolean transposeB;
    private boolean contiguous = true;
    private int aStride;
    private int bStride;
    private int cStride;
    private boolean ofTwo;
    private Epilogue epilogue = Epilogue.NONE;
    private Parallel parallel = Parallel.ofDefault();

    private Builder(int m, int n, int k) {
      this.m = m;
      this.n = n;
      this.k = k;
    }

    /** Takes the array of A, (k, m), transposed. */
    public Builder transposeA() {
      return transposeA(true);
    }

    /** Takes the array of A transposed or, (m, k), as it is. */
    public Builder transposeA(boolean transposed) {
      transposeA = transposed;
      return this;
    }

    /** Takes the array of B, (n, k), transposed. */
    public Builder transposeB() {
      return transposeB(true);
    }

    /** Takes the array of B transposed or, (k, n), as it is. */
    public Builder transposeB(boolean transposed) {
      transposeB = transposed;
      return this;
    }

    /**
     * Says that arrays are parts of larger ones.
     *
     * @param a elements from a row of the array of A to the next
     * @param b elements from a row of the array of B to the next
     * @param c elements from a row of C to the next
     */
    public Builder rowStrides(int a, int b, int c) {
      contiguous = false;
      aStride = a;
      bStride = b;
      cStride = c;
      return this;
    }

    /** Says that A and B are two arrays for numpy, even where they are one here. */
    public Builder ofTwo() {
      ofTwo = true;
      return this;
    }

    /** Says what is done to each element of the product before it is stored. */
    public Builder epilogue(Epilogue then) {
      epilogue = then;
      return this;
    }

    /** Says how many threads may work; small products stay on the calling thread. */
    public Builder parallel(Parallel threads) {
      parallel = threads;
      return this;
    }

    /** Returns the plan. */
    public MatrixProduct build() {
      return new MatrixProduct(this);
    }
  }

  /** A product on its way through the kernel. Belongs to a thread, so that it can be reused. */
  static final class Call implements Parallel.Task {
    final Product product = new Product();
    private ProductKernel kernel;
    private Partition partition;

    /** Computes the product that has been set, in parts. */
    void run(ProductKernel kernel, Parallel parallel, Partition partition) {
      if (partition.parts() == 1) {
        kernel.multiply(product, 0, product.m, 0, product.n);
      } else {
        this.kernel = kernel;
        this.partition = partition;
        parallel.forRange(partition.parts(), this);
      }
    }

    @Override
    public void run(int index) {
      kernel.multiply(
          product,
          partition.fromRow(index),
          partition.toRow(index),
          partition.fromColumn(index),
          partition.toColumn(index));
    }
  }
}
