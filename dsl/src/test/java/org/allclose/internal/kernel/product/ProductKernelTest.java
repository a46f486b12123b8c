package org.allclose.internal.kernel.product;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.allclose.internal.kernel.runtime.KernelProvider;
import org.allclose.internal.kernel.runtime.Parallel;
import org.junit.jupiter.api.Test;

/**
 * Compares the implementations with {@link ReferenceProductKernel}, bit for bit, over awkward
 * sizes, offsets, leading dimensions, transposes, epilogues and partitions, and looks at what
 * surrounds C.
 */
class ProductKernelTest {
  private static final int[] SIZES = {
    1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 24, 25, 31, 33, 48
  };
  private static final int[] TERMS = {0, 1, 2, 3, 4, 7, 8, 9, 17, 33};
  private static final double UNTOUCHED = 1234.5;

  private final List<ProductKernel> kernels = kernels();
  private final Random random = new Random(99);
  private final MatrixProduct.Call call = new MatrixProduct.Call();

  private static List<ProductKernel> kernels() {
    List<ProductKernel> kernels = new ArrayList<>(List.of(new ScalarProductKernel()));
    if (KernelProvider.current() == KernelProvider.VECTOR) {
      kernels.add(MatrixProduct.kernel());
    }
    return kernels;
  }

  @Test
  void kernels_ofAwkwardSizes_equalTheReference() {
    for (int m : SIZES) {
      for (int n : SIZES) {
        for (int k : TERMS) {
          Case c = new Case(m, n, k);
          c.transposeA = random.nextBoolean();
          c.transposeB = random.nextBoolean();
          c.check(1, 1);
        }
      }
    }
  }

  @Test
  void kernels_withOffsetsAndLeadingDimensions_equalTheReference() {
    for (int trial = 0; trial < 1500; trial++) {
      Case c = new Case(size(60), size(60), size(40));
      c.transposeA = random.nextBoolean();
      c.transposeB = random.nextBoolean();
      c.aOffset = random.nextInt(20);
      c.bOffset = random.nextInt(20);
      c.cOffset = random.nextInt(20);
      c.aGap = random.nextInt(9);
      c.bGap = random.nextInt(9);
      c.cGap = random.nextInt(9);
      c.epilogue = epilogue(c);
      c.check(1, 1);
    }
  }

  @Test
  void kernels_inParts_equalTheReference() {
    for (int trial = 0; trial < 400; trial++) {
      Case c = new Case(size(130), size(130), size(40));
      c.transposeA = random.nextBoolean();
      c.transposeB = random.nextBoolean();
      c.cGap = random.nextInt(3);
      c.epilogue = epilogue(c);
      c.check(1 + random.nextInt(5), 1 + random.nextInt(5));
    }
  }

  @Test
  void kernels_ofSeveralBlocks_equalTheReference() {
    int[] lengths = {255, 256, 257, 259, 260, 511, 512, 513, 769, 1030};
    for (int k : lengths) {
      for (int trial = 0; trial < 8; trial++) {
        Case c = new Case(size(40), size(40), k);
        c.transposeA = random.nextBoolean();
        c.transposeB = random.nextBoolean();
        c.cGap = random.nextInt(3);
        c.epilogue = epilogue(c);
        c.check(1 + random.nextInt(2), 1 + random.nextInt(2));
      }
    }
  }

  @Test
  void kernels_ofPackedOperands_equalTheReference() {
    // Above the limits from which on operands are packed, rows blocked and columns cut.
    int[][] shapes = {
      {200, 530, 130}, {257, 270, 261}, {160, 2100, 33}, {129, 1100, 67}, {25, 4100, 19}
    };
    for (int[] shape : shapes) {
      for (int form = 0; form < 4; form++) {
        Case c = new Case(shape[0], shape[1], shape[2]);
        c.transposeA = form % 2 == 1;
        c.transposeB = form / 2 == 1;
        c.aOffset = 3;
        c.cGap = 1;
        c.check(1, 1);
      }
    }
  }

  @Test
  void kernels_ofAMatrixAndItsTranspose_equalTheReference() {
    for (int trial = 0; trial < 150; trial++) {
      int m = 1 + random.nextInt(50);
      Case c = new Case(m, m, trial < 100 ? size(40) : 257 + random.nextInt(300));
      c.transposeA = random.nextBoolean();
      c.transposeB = !c.transposeA;
      c.symmetric = true;
      c.aOffset = random.nextInt(5);
      c.bOffset = c.aOffset;
      c.check(1 + random.nextInt(2), 1);
    }
  }

  private int size(int limit) {
    // Small sizes have most special cases.
    return 1 + random.nextInt(random.nextInt(3) == 0 ? 6 : limit);
  }

  private Epilogue epilogue(Case c) {
    double[] bias = values(Math.max(c.m, c.n) + 3);
    return switch (random.nextInt(6)) {
      case 0 -> Epilogue.columnBias(bias, 2);
      case 1 -> Epilogue.rowBias(bias, 1);
      case 2 -> Epilogue.columnBias(bias, 0).withRelu();
      case 3 -> Epilogue.rowBias(bias, 3).withRelu();
      case 4 -> Epilogue.NONE.withRelu();
      default -> Epilogue.NONE;
    };
  }

  /** Returns numbers of very different magnitudes, a tenth of them zeros, a few not finite. */
  private double[] values(int length) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      double v = Math.scalb(random.nextGaussian(), random.nextInt(40) - 20);
      int kind = random.nextInt(1000);
      values[i] = kind < 50 ? 0.0 : kind < 100 ? -0.0 : kind == 100 ? Double.POSITIVE_INFINITY : v;
    }
    return values;
  }

  /** A product with everything that can be awkward about it. */
  private final class Case {
    private final int m;
    private final int n;
    private final int k;
    private boolean transposeA;
    private boolean transposeB;
    private boolean symmetric;
    private int aOffset;
    private int bOffset;
    private int cOffset;
    private int aGap;
    private int bGap;
    private int cGap;
    private Epilogue epilogue = Epilogue.NONE;

    Case(int m, int n, int k) {
      this.m = m;
      this.n = n;
      this.k = k;
    }

    void check(int rowParts, int columnParts) {
      int lda = (transposeA ? m : k) + aGap;
      int ldb = (transposeB ? k : n) + bGap;
      int ldc = n + cGap;
      // No element beyond the last one: kernels must not read there.
      double[] a = values(aOffset + length(transposeA ? k : m, transposeA ? m : k, lda));
      double[] b =
          symmetric ? a : values(bOffset + length(transposeB ? n : k, transposeB ? k : n, ldb));
      double[] expected = new double[cOffset + length(m, n, ldc)];
      Arrays.fill(expected, UNTOUCHED);
      double[] untouched = expected.clone();
      double[] aBefore = a.clone();
      double[] bBefore = b.clone();
      MatrixProduct plan =
          MatrixProduct.builder(m, n, k)
              .transposeA(transposeA)
              .transposeB(transposeB)
              .rowStrides(lda, ldb, ldc)
              .epilogue(epilogue)
              .build();
      call.product.set(plan, a, aOffset, b, bOffset, expected, cOffset);
      call.run(new ReferenceProductKernel(), Parallel.serial(), Partition.atMost(m, n, 1, 1));
      for (ProductKernel kernel : kernels) {
        double[] actual = untouched.clone();
        call.product.set(plan, a, aOffset, b, bOffset, actual, cOffset);
        call.run(kernel, Parallel.of(2), Partition.atMost(m, n, rowParts, columnParts));
        assertArrayEquals(bits(expected), bits(actual), () -> kernel + ": " + this);
      }
      assertArrayEquals(bits(aBefore), bits(a), "A was modified");
      assertArrayEquals(bits(bBefore), bits(b), "B was modified");
    }

    private int length(int rows, int columns, int stride) {
      return rows == 0 || columns == 0 ? 0 : (rows - 1) * stride + columns;
    }

    private long[] bits(double[] values) {
      return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "m %d n %d k %d, transposed %b %b, offsets %d %d %d, gaps %d %d %d",
          m,
          n,
          k,
          transposeA,
          transposeB,
          aOffset,
          bOffset,
          cOffset,
          aGap,
          bGap,
          cGap);
    }
  }
}
