package org.allclose.internal.kernel.elementwise;

/**
 * Operations on two arrays, element by element, for runs of contiguous elements.
 *
 * <p>An output may be an input itself, at the same offset; other overlaps are not supported.
 */
public enum BinaryOperation {
  /** {@code a + b}. */
  ADD {
    @Override
    void run(double[] a, int aOffset, double[] b, int bOffset, double[] out, int offset, int n) {
      for (int i = 0; i < n; i++) {
        out[offset + i] = a[aOffset + i] + b[bOffset + i];
      }
    }
  },
  /** {@code a - b}. */
  SUBTRACT {
    @Override
    void run(double[] a, int aOffset, double[] b, int bOffset, double[] out, int offset, int n) {
      for (int i = 0; i < n; i++) {
        out[offset + i] = a[aOffset + i] - b[bOffset + i];
      }
    }
  },
  /** {@code a * b}. */
  MULTIPLY {
    @Override
    void run(double[] a, int aOffset, double[] b, int bOffset, double[] out, int offset, int n) {
      for (int i = 0; i < n; i++) {
        out[offset + i] = a[aOffset + i] * b[bOffset + i];
      }
    }
  },
  /** {@code a / b}. */
  DIVIDE {
    @Override
    void run(double[] a, int aOffset, double[] b, int bOffset, double[] out, int offset, int n) {
      for (int i = 0; i < n; i++) {
        out[offset + i] = a[aOffset + i] / b[bOffset + i];
      }
    }
  },
  /** {@code np.maximum(a, b)}: b where they are equal, and NaN where one is. */
  MAXIMUM {
    @Override
    void run(double[] a, int aOffset, double[] b, int bOffset, double[] out, int offset, int n) {
      for (int i = 0; i < n; i++) {
        double x = a[aOffset + i];
        double y = b[bOffset + i];
        out[offset + i] = x > y || Double.isNaN(x) ? x : y;
      }
    }
  },
  /** {@code np.minimum(a, b)}: b where they are equal, and NaN where one is. */
  MINIMUM {
    @Override
    void run(double[] a, int aOffset, double[] b, int bOffset, double[] out, int offset, int n) {
      for (int i = 0; i < n; i++) {
        double x = a[aOffset + i];
        double y = b[bOffset + i];
        out[offset + i] = x < y || Double.isNaN(x) ? x : y;
      }
    }
  },
  /** What a has of the larger of both: 0 where b is larger, half where they are equal, else 1. */
  SHARE {
    @Override
    void run(double[] a, int aOffset, double[] b, int bOffset, double[] out, int offset, int n) {
      for (int i = 0; i < n; i++) {
        double x = a[aOffset + i];
        double y = b[bOffset + i];
        out[offset + i] = x < y ? 0.0 : x == y ? 0.5 : 1.0;
      }
    }
  },
  /** {@code b}. */
  SECOND {
    @Override
    void run(double[] a, int aOffset, double[] b, int bOffset, double[] out, int offset, int n) {
      System.arraycopy(b, bOffset, out, offset, n);
    }
  };

  /**
   * Computes a run of n elements.
   *
   * @param a not modified
   * @param b not modified
   * @param out modified
   */
  abstract void run(
      double[] a, int aOffset, double[] b, int bOffset, double[] out, int offset, int n);
}
