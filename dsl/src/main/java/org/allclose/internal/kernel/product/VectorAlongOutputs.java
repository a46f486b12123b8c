package org.allclose.internal.kernel.product;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/**
 * Products of a vector and a matrix whose outputs lie side by side, with the Vector API.
 *
 * <p>If the matrix is small, some outputs at a time are kept in registers, from the first term to
 * the last. If it is large, memory is read row by row, four or eight rows at the same time, and the
 * outputs come and go between the first-level cache and registers.
 */
final class VectorAlongOutputs {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  /** Elements of a small matrix. */
  private static final int SMALL = 8192;

  private VectorAlongOutputs() {}

  /** Computes outputs {@code from} to {@code to}. */
  static void multiply(Product q, int from, int to) {
    int grouped = q.outputs() - q.outputs() % 4;
    int end = Math.min(to, grouped);
    int stride = q.outputStride();
    if (end - from < VL) {
      for (int j = from; j < end; j++) {
        q.c[q.cOffset + j * stride] = ScalarAlongOutputs.grouped(q, j);
      }
    } else if (stride == 1) {
      grouped(q, from, end - from, q.c, q.cOffset + from);
    } else {
      VectorWorkspace workspace = VectorWorkspace.take();
      double[] y = workspace.c(end - from);
      grouped(q, from, end - from, y, 0);
      for (int j = from; j < end; j++) {
        q.c[q.cOffset + j * stride] = y[j - from];
      }
      workspace.release();
    }
    for (int j = Math.max(from, grouped); j < to; j++) {
      q.c[q.cOffset + j * stride] = ScalarAlongOutputs.single(q, j);
    }
  }

  /** Computes outputs that are grouped by four; {@code count} is a multiple of 4. */
  private static void grouped(Product q, int from, int count, double[] y, int yi) {
    double[] x = q.x();
    int xi = q.xOffset();
    int xTerm = q.xTerm();
    double[] m = q.matrix();
    int mi = q.matrixOffset() + from;
    int mTerm = q.matrixTerm();
    int rest = q.k % 4;
    if ((long) q.k * count <= SMALL) {
      inRegisters(q.k - rest, x, xi, xTerm, m, mi, mTerm, y, yi, count);
    } else {
      rowByRow(q.k - rest, x, xi, xTerm, m, mi, mTerm, y, yi, count);
    }
    int xRest = xi + (q.k - rest) * xTerm;
    int mRest = mi + (q.k - rest) * mTerm;
    ScalarAlongOutputs.lastTerms(rest, x, xRest, xTerm, m, mRest, mTerm, y, yi, count);
  }

  private static void inRegisters(
      int terms,
      double[] x,
      int xi,
      int xTerm,
      double[] m,
      int mi,
      int mTerm,
      double[] y,
      int yi,
      int count) {
    int j = 0;
    for (; j + 4 * VL <= count; j += 4 * VL) {
      fourVectors(terms, x, xi, xTerm, m, mi + j, mTerm, y, yi + j);
    }
    for (; j + VL <= count; j += VL) {
      oneVector(terms, x, xi, xTerm, m, mi + j, mTerm, y, yi + j);
    }
    if (j < count) {
      // Computes some outputs again.
      j = count - VL;
      oneVector(terms, x, xi, xTerm, m, mi + j, mTerm, y, yi + j);
    }
  }

  private static void fourVectors(
      int terms, double[] x, int xi, int xTerm, double[] m, int mi, int mTerm, double[] y, int yi) {
    DoubleVector y0 = DoubleVector.zero(S);
    DoubleVector y1 = y0;
    DoubleVector y2 = y0;
    DoubleVector y3 = y0;
    int i = xi;
    int m0 = mi;
    for (int left = terms; left >= 4; left -= 4) {
      int m1 = m0 + mTerm;
      int m2 = m1 + mTerm;
      int m3 = m2 + mTerm;
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      DoubleVector x1 = DoubleVector.broadcast(S, x[i + xTerm]);
      DoubleVector x2 = DoubleVector.broadcast(S, x[i + 2 * xTerm]);
      DoubleVector x3 = DoubleVector.broadcast(S, x[i + 3 * xTerm]);
      DoubleVector even0 =
          x2.fma(DoubleVector.fromArray(S, m, m2), x0.mul(DoubleVector.fromArray(S, m, m0)));
      DoubleVector odd0 =
          x3.fma(DoubleVector.fromArray(S, m, m3), x1.mul(DoubleVector.fromArray(S, m, m1)));
      y0 = even0.add(odd0).add(y0);
      DoubleVector even1 =
          x2.fma(
              DoubleVector.fromArray(S, m, m2 + VL), x0.mul(DoubleVector.fromArray(S, m, m0 + VL)));
      DoubleVector odd1 =
          x3.fma(
              DoubleVector.fromArray(S, m, m3 + VL), x1.mul(DoubleVector.fromArray(S, m, m1 + VL)));
      y1 = even1.add(odd1).add(y1);
      DoubleVector even2 =
          x2.fma(
              DoubleVector.fromArray(S, m, m2 + 2 * VL),
              x0.mul(DoubleVector.fromArray(S, m, m0 + 2 * VL)));
      DoubleVector odd2 =
          x3.fma(
              DoubleVector.fromArray(S, m, m3 + 2 * VL),
              x1.mul(DoubleVector.fromArray(S, m, m1 + 2 * VL)));
      y2 = even2.add(odd2).add(y2);
      DoubleVector even3 =
          x2.fma(
              DoubleVector.fromArray(S, m, m2 + 3 * VL),
              x0.mul(DoubleVector.fromArray(S, m, m0 + 3 * VL)));
      DoubleVector odd3 =
          x3.fma(
              DoubleVector.fromArray(S, m, m3 + 3 * VL),
              x1.mul(DoubleVector.fromArray(S, m, m1 + 3 * VL)));
      y3 = even3.add(odd3).add(y3);
      i += 4 * xTerm;
      m0 += 4 * mTerm;
    }
    y0.intoArray(y, yi);
    y1.intoArray(y, yi + VL);
    y2.intoArray(y, yi + 2 * VL);
    y3.intoArray(y, yi + 3 * VL);
  }

  private static void oneVector(
      int terms, double[] x, int xi, int xTerm, double[] m, int mi, int mTerm, double[] y, int yi) {
    DoubleVector y0 = DoubleVector.zero(S);
    int i = xi;
    int m0 = mi;
    for (int left = terms; left >= 4; left -= 4) {
      int m1 = m0 + mTerm;
      int m2 = m1 + mTerm;
      int m3 = m2 + mTerm;
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      DoubleVector x1 = DoubleVector.broadcast(S, x[i + xTerm]);
      DoubleVector x2 = DoubleVector.broadcast(S, x[i + 2 * xTerm]);
      DoubleVector x3 = DoubleVector.broadcast(S, x[i + 3 * xTerm]);
      DoubleVector even0 =
          x2.fma(DoubleVector.fromArray(S, m, m2), x0.mul(DoubleVector.fromArray(S, m, m0)));
      DoubleVector odd0 =
          x3.fma(DoubleVector.fromArray(S, m, m3), x1.mul(DoubleVector.fromArray(S, m, m1)));
      y0 = even0.add(odd0).add(y0);
      i += 4 * xTerm;
      m0 += 4 * mTerm;
    }
    y0.intoArray(y, yi);
  }

  private static void rowByRow(
      int terms,
      double[] x,
      int xi,
      int xTerm,
      double[] m,
      int mi,
      int mTerm,
      double[] y,
      int yi,
      int count) {
    int whole = count - count % VL;
    Arrays.fill(y, yi, yi + whole, 0.0);
    int p = 0;
    for (; p + 8 <= terms; p += 8) {
      eightTerms(x, xi + p * xTerm, xTerm, m, mi + p * mTerm, mTerm, y, yi, whole);
    }
    if (p < terms) {
      fourTerms(x, xi + p * xTerm, xTerm, m, mi + p * mTerm, mTerm, y, yi, whole);
    }
    if (whole < count) {
      int last = count - VL;
      oneVector(terms, x, xi, xTerm, m, mi + last, mTerm, y, yi + last);
    }
  }

  private static void eightTerms(
      double[] x, int xi, int xTerm, double[] m, int mi, int mTerm, double[] y, int yi, int count) {
    DoubleVector x0 = DoubleVector.broadcast(S, x[xi]);
    DoubleVector x1 = DoubleVector.broadcast(S, x[xi + xTerm]);
    DoubleVector x2 = DoubleVector.broadcast(S, x[xi + 2 * xTerm]);
    DoubleVector x3 = DoubleVector.broadcast(S, x[xi + 3 * xTerm]);
    DoubleVector x4 = DoubleVector.broadcast(S, x[xi + 4 * xTerm]);
    DoubleVector x5 = DoubleVector.broadcast(S, x[xi + 5 * xTerm]);
    DoubleVector x6 = DoubleVector.broadcast(S, x[xi + 6 * xTerm]);
    DoubleVector x7 = DoubleVector.broadcast(S, x[xi + 7 * xTerm]);
    int m1 = mi + mTerm;
    int m2 = m1 + mTerm;
    int m3 = m2 + mTerm;
    int m4 = m3 + mTerm;
    int m5 = m4 + mTerm;
    int m6 = m5 + mTerm;
    int m7 = m6 + mTerm;
    for (int j = 0; j < count; j += VL) {
      DoubleVector sum = DoubleVector.fromArray(S, y, yi + j);
      DoubleVector even0 =
          x2.fma(
              DoubleVector.fromArray(S, m, m2 + j), x0.mul(DoubleVector.fromArray(S, m, mi + j)));
      DoubleVector odd0 =
          x3.fma(
              DoubleVector.fromArray(S, m, m3 + j), x1.mul(DoubleVector.fromArray(S, m, m1 + j)));
      sum = sum.add(even0.add(odd0));
      DoubleVector even1 =
          x6.fma(
              DoubleVector.fromArray(S, m, m6 + j), x4.mul(DoubleVector.fromArray(S, m, m4 + j)));
      DoubleVector odd1 =
          x7.fma(
              DoubleVector.fromArray(S, m, m7 + j), x5.mul(DoubleVector.fromArray(S, m, m5 + j)));
      sum = sum.add(even1.add(odd1));
      sum.intoArray(y, yi + j);
    }
  }

  private static void fourTerms(
      double[] x, int xi, int xTerm, double[] m, int mi, int mTerm, double[] y, int yi, int count) {
    DoubleVector x0 = DoubleVector.broadcast(S, x[xi]);
    DoubleVector x1 = DoubleVector.broadcast(S, x[xi + xTerm]);
    DoubleVector x2 = DoubleVector.broadcast(S, x[xi + 2 * xTerm]);
    DoubleVector x3 = DoubleVector.broadcast(S, x[xi + 3 * xTerm]);
    int m1 = mi + mTerm;
    int m2 = m1 + mTerm;
    int m3 = m2 + mTerm;
    for (int j = 0; j < count; j += VL) {
      DoubleVector sum = DoubleVector.fromArray(S, y, yi + j);
      DoubleVector even =
          x2.fma(
              DoubleVector.fromArray(S, m, m2 + j), x0.mul(DoubleVector.fromArray(S, m, mi + j)));
      DoubleVector odd =
          x3.fma(
              DoubleVector.fromArray(S, m, m3 + j), x1.mul(DoubleVector.fromArray(S, m, m1 + j)));
      sum = sum.add(even.add(odd));
      sum.intoArray(y, yi + j);
    }
  }
}
