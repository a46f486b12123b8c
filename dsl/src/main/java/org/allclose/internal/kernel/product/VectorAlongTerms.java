package org.allclose.internal.kernel.product;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/**
 * Products of a vector and a matrix whose terms lie side by side, with the Vector API.
 *
 * <p>The four chains of an output are the lanes of a vector of 256 bits, or two of 128. Where the
 * other kernels use 512 bits, JDK 17 cannot afford that: once two widths have passed through the
 * same methods of the Vector API, C2 allocates vectors everywhere. There, scalar loops do it.
 */
final class VectorAlongTerms {
  private static final int VL = VectorWidth.SPECIES.length();
  private static final boolean MIXES_WIDTHS = Runtime.version().feature() >= 25;
  private static final boolean SCALAR = VL == 8 && !MIXES_WIDTHS;
  private static final boolean WHOLE = VL >= 4;
  private static final VectorSpecies<Double> S =
      WHOLE ? DoubleVector.SPECIES_256 : DoubleVector.SPECIES_128;

  private VectorAlongTerms() {}

  /** Computes outputs {@code from} to {@code to}. */
  static void multiply(Product q, int from, int to) {
    int grouped = q.outputs() - q.outputs() % 4;
    int end = Math.min(to, grouped);
    int chained = q.k - q.k % 4;
    int j = from;
    if (q.xTerm() == 1 && !SCALAR) {
      for (; j + 4 <= end; j += 4) {
        int mi = q.matrixOffset() + j * q.matrixOutput();
        int yi = q.cOffset + j * q.outputStride();
        fourOutputs(q, chained, mi, yi);
        for (int v = 0; v < 4; v++) {
          int y = yi + v * q.outputStride();
          q.c[y] = ScalarAlongTerms.lastTerms(q, mi + v * q.matrixOutput(), chained, q.c[y]);
        }
      }
    }
    ScalarAlongTerms.multiply(q, j, to);
  }

  private static void fourOutputs(Product q, int terms, int mi, int yi) {
    int stride = q.outputStride();
    double y0 = 0.0;
    double y1 = 0.0;
    double y2 = 0.0;
    double y3 = 0.0;
    for (int p = 0; p < terms; p += ScalarAlongTerms.PIECE) {
      int length = Math.min(ScalarAlongTerms.PIECE, terms - p);
      sums(q, p, length, mi + p, yi);
      y0 += q.c[yi];
      y1 += q.c[yi + stride];
      y2 += q.c[yi + 2 * stride];
      y3 += q.c[yi + 3 * stride];
    }
    q.c[yi] = y0;
    q.c[yi + stride] = y1;
    q.c[yi + 2 * stride] = y2;
    q.c[yi + 3 * stride] = y3;
  }

  /** Sums a piece of four outputs, from a term on. */
  private static void sums(Product q, int term, int terms, int mi, int yi) {
    double[] x = q.x();
    int xi = q.xOffset() + term;
    double[] m = q.matrix();
    int row = q.matrixOutput();
    double[] y = q.c;
    int stride = q.outputStride();
    if (!WHOLE) {
      for (int v = 0; v < 4; v++) {
        y[yi + v * stride] = halves(terms, x, xi, m, mi + v * row);
      }
      return;
    }
    int m1 = mi + row;
    int m2 = m1 + row;
    int m3 = m2 + row;
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector s0 = zero;
    DoubleVector s1 = zero;
    DoubleVector s2 = zero;
    DoubleVector s3 = zero;
    for (int p = 0; p < terms; p += 4) {
      DoubleVector t = DoubleVector.fromArray(S, x, xi + p);
      s0 = t.fma(DoubleVector.fromArray(S, m, mi + p), s0);
      s1 = t.fma(DoubleVector.fromArray(S, m, m1 + p), s1);
      s2 = t.fma(DoubleVector.fromArray(S, m, m2 + p), s2);
      s3 = t.fma(DoubleVector.fromArray(S, m, m3 + p), s3);
    }
    // Adding to zero tells C2 the class of the vector; it does not change the result.
    y[yi] = combined(zero.add(s0));
    y[yi + stride] = combined(zero.add(s1));
    y[yi + 2 * stride] = combined(zero.add(s2));
    y[yi + 3 * stride] = combined(zero.add(s3));
  }

  private static double combined(DoubleVector s) {
    return (s.lane(0) + s.lane(2)) + (s.lane(1) + s.lane(3));
  }

  private static double halves(int terms, double[] x, int xi, double[] m, int mi) {
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector low = zero;
    DoubleVector high = zero;
    for (int p = 0; p < terms; p += 4) {
      DoubleVector t = DoubleVector.fromArray(S, x, xi + p);
      low = t.fma(DoubleVector.fromArray(S, m, mi + p), low);
      DoubleVector u = DoubleVector.fromArray(S, x, xi + p + 2);
      high = u.fma(DoubleVector.fromArray(S, m, mi + p + 2), high);
    }
    DoubleVector sum = zero.add(low).add(high);
    return sum.lane(0) + sum.lane(1);
  }
}
