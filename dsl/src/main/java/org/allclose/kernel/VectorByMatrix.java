package org.allclose.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Products of a vector and a matrix, {@code y = M x}, with the Vector API. */
final class VectorByMatrix {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  /** Terms of a piece of a sum whose terms lie side by side. */
  private static final int PIECE = 2048;

  private VectorByMatrix() {}

  /** Computes outputs {@code from} to {@code to} where outputs lie side by side. */
  static void alongOutputs(Product q, int from, int to) {
    int grouped = q.outputs() - q.outputs() % 4;
    int end = Math.min(to, grouped);
    int y = q.cOffset;
    int stride = q.outputStride();
    if (end - from >= VL) {
      if (stride == 1) {
        grouped(q, from, end, q.c, y + from);
      } else {
        Workspace workspace = Workspace.take();
        double[] packed = workspace.c(end - from);
        grouped(q, from, end, packed, 0);
        for (int j = from; j < end; j++) {
          q.c[y + j * stride] = packed[j - from];
        }
        workspace.release();
      }
    } else {
      for (int j = from; j < end; j++) {
        q.c[y + j * stride] = groupedElement(q, j);
      }
    }
    for (int j = Math.max(from, grouped); j < to; j++) {
      q.c[y + j * stride] = singleElement(q, j);
    }
  }

  private static void grouped(Product q, int from, int to, double[] y, int yi) {
    double[] x = q.x();
    int xi = q.xOffset();
    int xTerm = q.xTerm();
    double[] m = q.matrix();
    int mTerm = q.matrixTerm();
    int mi = q.matrixOffset() - from;
    int left = to - from;
    for (int j = from; left > 0; ) {
      int width = left >= 8 * VL ? 8 * VL : left >= 4 * VL ? 4 * VL : VL;
      if (left < VL) {
        j = to - VL;
      }
      int target = yi + j - from;
      int source = mi + from + j;
      if (width == 8 * VL) {
        outputs8(q.k, x, xi, xTerm, m, source, mTerm, y, target);
      } else if (width == 4 * VL) {
        outputs4(q.k, x, xi, xTerm, m, source, mTerm, y, target);
      } else {
        outputs1(q.k, x, xi, xTerm, m, source, mTerm, y, target);
      }
      j += width;
      left = to - j;
    }
  }

  private static void outputs8(
      int terms, double[] x, int xi, int xTerm, double[] m, int mi, int mTerm, double[] y, int yi) {
    DoubleVector y0 = DoubleVector.zero(S);
    DoubleVector y1 = DoubleVector.zero(S);
    DoubleVector y2 = DoubleVector.zero(S);
    DoubleVector y3 = DoubleVector.zero(S);
    DoubleVector y4 = DoubleVector.zero(S);
    DoubleVector y5 = DoubleVector.zero(S);
    DoubleVector y6 = DoubleVector.zero(S);
    DoubleVector y7 = DoubleVector.zero(S);
    int i = xi;
    int m0 = mi;
    int left = terms;
    for (; left >= 4; left -= 4) {
      int m1 = m0 + mTerm;
      int m2 = m1 + mTerm;
      int m3 = m2 + mTerm;
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      DoubleVector x1 = DoubleVector.broadcast(S, x[i + xTerm]);
      DoubleVector x2 = DoubleVector.broadcast(S, x[i + 2 * xTerm]);
      DoubleVector x3 = DoubleVector.broadcast(S, x[i + 3 * xTerm]);
      y0 =
          y0.add(
              x2.fma(DoubleVector.fromArray(S, m, m2), x0.mul(DoubleVector.fromArray(S, m, m0)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3),
                          x1.mul(DoubleVector.fromArray(S, m, m1)))));
      y1 =
          y1.add(
              x2.fma(
                      DoubleVector.fromArray(S, m, m2 + VL),
                      x0.mul(DoubleVector.fromArray(S, m, m0 + VL)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3 + VL),
                          x1.mul(DoubleVector.fromArray(S, m, m1 + VL)))));
      y2 =
          y2.add(
              x2.fma(
                      DoubleVector.fromArray(S, m, m2 + 2 * VL),
                      x0.mul(DoubleVector.fromArray(S, m, m0 + 2 * VL)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3 + 2 * VL),
                          x1.mul(DoubleVector.fromArray(S, m, m1 + 2 * VL)))));
      y3 =
          y3.add(
              x2.fma(
                      DoubleVector.fromArray(S, m, m2 + 3 * VL),
                      x0.mul(DoubleVector.fromArray(S, m, m0 + 3 * VL)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3 + 3 * VL),
                          x1.mul(DoubleVector.fromArray(S, m, m1 + 3 * VL)))));
      y4 =
          y4.add(
              x2.fma(
                      DoubleVector.fromArray(S, m, m2 + 4 * VL),
                      x0.mul(DoubleVector.fromArray(S, m, m0 + 4 * VL)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3 + 4 * VL),
                          x1.mul(DoubleVector.fromArray(S, m, m1 + 4 * VL)))));
      y5 =
          y5.add(
              x2.fma(
                      DoubleVector.fromArray(S, m, m2 + 5 * VL),
                      x0.mul(DoubleVector.fromArray(S, m, m0 + 5 * VL)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3 + 5 * VL),
                          x1.mul(DoubleVector.fromArray(S, m, m1 + 5 * VL)))));
      y6 =
          y6.add(
              x2.fma(
                      DoubleVector.fromArray(S, m, m2 + 6 * VL),
                      x0.mul(DoubleVector.fromArray(S, m, m0 + 6 * VL)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3 + 6 * VL),
                          x1.mul(DoubleVector.fromArray(S, m, m1 + 6 * VL)))));
      y7 =
          y7.add(
              x2.fma(
                      DoubleVector.fromArray(S, m, m2 + 7 * VL),
                      x0.mul(DoubleVector.fromArray(S, m, m0 + 7 * VL)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3 + 7 * VL),
                          x1.mul(DoubleVector.fromArray(S, m, m1 + 7 * VL)))));
      i += 4 * xTerm;
      m0 += 4 * mTerm;
    }
    if (left >= 2) {
      int m1 = m0 + mTerm;
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      DoubleVector x1 = DoubleVector.broadcast(S, x[i + xTerm]);
      y0 =
          y0.add(
              x0.mul(DoubleVector.fromArray(S, m, m0))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1))));
      y1 =
          y1.add(
              x0.mul(DoubleVector.fromArray(S, m, m0 + VL))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1 + VL))));
      y2 =
          y2.add(
              x0.mul(DoubleVector.fromArray(S, m, m0 + 2 * VL))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1 + 2 * VL))));
      y3 =
          y3.add(
              x0.mul(DoubleVector.fromArray(S, m, m0 + 3 * VL))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1 + 3 * VL))));
      y4 =
          y4.add(
              x0.mul(DoubleVector.fromArray(S, m, m0 + 4 * VL))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1 + 4 * VL))));
      y5 =
          y5.add(
              x0.mul(DoubleVector.fromArray(S, m, m0 + 5 * VL))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1 + 5 * VL))));
      y6 =
          y6.add(
              x0.mul(DoubleVector.fromArray(S, m, m0 + 6 * VL))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1 + 6 * VL))));
      y7 =
          y7.add(
              x0.mul(DoubleVector.fromArray(S, m, m0 + 7 * VL))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1 + 7 * VL))));
      i += 2 * xTerm;
      m0 += 2 * mTerm;
      left -= 2;
    }
    if (left == 1) {
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      y0 = y0.add(x0.mul(DoubleVector.fromArray(S, m, m0)));
      y1 = y1.add(x0.mul(DoubleVector.fromArray(S, m, m0 + VL)));
      y2 = y2.add(x0.mul(DoubleVector.fromArray(S, m, m0 + 2 * VL)));
      y3 = y3.add(x0.mul(DoubleVector.fromArray(S, m, m0 + 3 * VL)));
      y4 = y4.add(x0.mul(DoubleVector.fromArray(S, m, m0 + 4 * VL)));
      y5 = y5.add(x0.mul(DoubleVector.fromArray(S, m, m0 + 5 * VL)));
      y6 = y6.add(x0.mul(DoubleVector.fromArray(S, m, m0 + 6 * VL)));
      y7 = y7.add(x0.mul(DoubleVector.fromArray(S, m, m0 + 7 * VL)));
    }
    y0.intoArray(y, yi);
    y1.intoArray(y, yi + VL);
    y2.intoArray(y, yi + 2 * VL);
    y3.intoArray(y, yi + 3 * VL);
    y4.intoArray(y, yi + 4 * VL);
    y5.intoArray(y, yi + 5 * VL);
    y6.intoArray(y, yi + 6 * VL);
    y7.intoArray(y, yi + 7 * VL);
  }

  private static void outputs4(
      int terms, double[] x, int xi, int xTerm, double[] m, int mi, int mTerm, double[] y, int yi) {
    DoubleVector y0 = DoubleVector.zero(S);
    DoubleVector y1 = DoubleVector.zero(S);
    DoubleVector y2 = DoubleVector.zero(S);
    DoubleVector y3 = DoubleVector.zero(S);
    int i = xi;
    int m0 = mi;
    int left = terms;
    for (; left >= 4; left -= 4) {
      int m1 = m0 + mTerm;
      int m2 = m1 + mTerm;
      int m3 = m2 + mTerm;
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      DoubleVector x1 = DoubleVector.broadcast(S, x[i + xTerm]);
      DoubleVector x2 = DoubleVector.broadcast(S, x[i + 2 * xTerm]);
      DoubleVector x3 = DoubleVector.broadcast(S, x[i + 3 * xTerm]);
      y0 =
          y0.add(
              x2.fma(DoubleVector.fromArray(S, m, m2), x0.mul(DoubleVector.fromArray(S, m, m0)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3),
                          x1.mul(DoubleVector.fromArray(S, m, m1)))));
      y1 =
          y1.add(
              x2.fma(
                      DoubleVector.fromArray(S, m, m2 + VL),
                      x0.mul(DoubleVector.fromArray(S, m, m0 + VL)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3 + VL),
                          x1.mul(DoubleVector.fromArray(S, m, m1 + VL)))));
      y2 =
          y2.add(
              x2.fma(
                      DoubleVector.fromArray(S, m, m2 + 2 * VL),
                      x0.mul(DoubleVector.fromArray(S, m, m0 + 2 * VL)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3 + 2 * VL),
                          x1.mul(DoubleVector.fromArray(S, m, m1 + 2 * VL)))));
      y3 =
          y3.add(
              x2.fma(
                      DoubleVector.fromArray(S, m, m2 + 3 * VL),
                      x0.mul(DoubleVector.fromArray(S, m, m0 + 3 * VL)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3 + 3 * VL),
                          x1.mul(DoubleVector.fromArray(S, m, m1 + 3 * VL)))));
      i += 4 * xTerm;
      m0 += 4 * mTerm;
    }
    if (left >= 2) {
      int m1 = m0 + mTerm;
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      DoubleVector x1 = DoubleVector.broadcast(S, x[i + xTerm]);
      y0 =
          y0.add(
              x0.mul(DoubleVector.fromArray(S, m, m0))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1))));
      y1 =
          y1.add(
              x0.mul(DoubleVector.fromArray(S, m, m0 + VL))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1 + VL))));
      y2 =
          y2.add(
              x0.mul(DoubleVector.fromArray(S, m, m0 + 2 * VL))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1 + 2 * VL))));
      y3 =
          y3.add(
              x0.mul(DoubleVector.fromArray(S, m, m0 + 3 * VL))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1 + 3 * VL))));
      i += 2 * xTerm;
      m0 += 2 * mTerm;
      left -= 2;
    }
    if (left == 1) {
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      y0 = y0.add(x0.mul(DoubleVector.fromArray(S, m, m0)));
      y1 = y1.add(x0.mul(DoubleVector.fromArray(S, m, m0 + VL)));
      y2 = y2.add(x0.mul(DoubleVector.fromArray(S, m, m0 + 2 * VL)));
      y3 = y3.add(x0.mul(DoubleVector.fromArray(S, m, m0 + 3 * VL)));
    }
    y0.intoArray(y, yi);
    y1.intoArray(y, yi + VL);
    y2.intoArray(y, yi + 2 * VL);
    y3.intoArray(y, yi + 3 * VL);
  }

  private static void outputs1(
      int terms, double[] x, int xi, int xTerm, double[] m, int mi, int mTerm, double[] y, int yi) {
    DoubleVector y0 = DoubleVector.zero(S);
    int i = xi;
    int m0 = mi;
    int left = terms;
    for (; left >= 4; left -= 4) {
      int m1 = m0 + mTerm;
      int m2 = m1 + mTerm;
      int m3 = m2 + mTerm;
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      DoubleVector x1 = DoubleVector.broadcast(S, x[i + xTerm]);
      DoubleVector x2 = DoubleVector.broadcast(S, x[i + 2 * xTerm]);
      DoubleVector x3 = DoubleVector.broadcast(S, x[i + 3 * xTerm]);
      y0 =
          y0.add(
              x2.fma(DoubleVector.fromArray(S, m, m2), x0.mul(DoubleVector.fromArray(S, m, m0)))
                  .add(
                      x3.fma(
                          DoubleVector.fromArray(S, m, m3),
                          x1.mul(DoubleVector.fromArray(S, m, m1)))));
      i += 4 * xTerm;
      m0 += 4 * mTerm;
    }
    if (left >= 2) {
      int m1 = m0 + mTerm;
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      DoubleVector x1 = DoubleVector.broadcast(S, x[i + xTerm]);
      y0 =
          y0.add(
              x0.mul(DoubleVector.fromArray(S, m, m0))
                  .add(x1.mul(DoubleVector.fromArray(S, m, m1))));
      i += 2 * xTerm;
      m0 += 2 * mTerm;
      left -= 2;
    }
    if (left == 1) {
      DoubleVector x0 = DoubleVector.broadcast(S, x[i]);
      y0 = y0.add(x0.mul(DoubleVector.fromArray(S, m, m0)));
    }
    y0.intoArray(y, yi);
  }

  private static double groupedElement(Product q, int output) {
    double[] x = q.x();
    double[] m = q.matrix();
    int xi = q.xOffset();
    int mi = q.matrixOffset() + output * q.matrixOutput();
    int xTerm = q.xTerm();
    int mTerm = q.matrixTerm();
    double y = 0.0;
    int left = q.k;
    for (; left >= 4; left -= 4) {
      double even = Math.fma(x[xi + 2 * xTerm], m[mi + 2 * mTerm], x[xi] * m[mi]);
      double odd = Math.fma(x[xi + 3 * xTerm], m[mi + 3 * mTerm], x[xi + xTerm] * m[mi + mTerm]);
      y += even + odd;
      xi += 4 * xTerm;
      mi += 4 * mTerm;
    }
    if (left >= 2) {
      y += x[xi] * m[mi] + x[xi + xTerm] * m[mi + mTerm];
      xi += 2 * xTerm;
      mi += 2 * mTerm;
      left -= 2;
    }
    return left == 1 ? y + x[xi] * m[mi] : y;
  }

  private static double singleElement(Product q, int output) {
    double[] x = q.x();
    double[] m = q.matrix();
    int xi = q.xOffset();
    int mi = q.matrixOffset() + output * q.matrixOutput();
    int xTerm = q.xTerm();
    int mTerm = q.matrixTerm();
    double y = 0.0;
    int left = q.k;
    if (q.outputs() < 4) {
      for (; left >= 2 && left > q.k % 4; left -= 2) {
        y += x[xi] * m[mi] + x[xi + xTerm] * m[mi + mTerm];
        xi += 2 * xTerm;
        mi += 2 * mTerm;
      }
    }
    for (; left > 0; left--) {
      y += x[xi] * m[mi];
      xi += xTerm;
      mi += mTerm;
    }
    return y;
  }

  /** Computes outputs {@code from} to {@code to} where the terms of a sum lie side by side. */
  static void alongTerms(Product q, int from, int to) {
    if (q.xTerm() == 1) {
      alongTerms(q, q.x(), q.xOffset(), from, to);
      return;
    }
    Workspace workspace = Workspace.take();
    double[] x = workspace.a(q.k);
    for (int p = 0; p < q.k; p++) {
      x[p] = q.x()[q.xOffset() + p * q.xTerm()];
    }
    alongTerms(q, x, 0, from, to);
    workspace.release();
  }

  private static void alongTerms(Product q, double[] x, int xi, int from, int to) {
    int outputs = q.outputs();
    int grouped = outputs - outputs % 4;
    int stride = q.outputStride();
    double[] m = q.matrix();
    int row = q.matrixOutput();
    int chained = q.k - q.k % 4;
    for (int j = from; j < to; ) {
      int mi = q.matrixOffset() + j * row;
      int yi = q.cOffset + j * stride;
      int width;
      if (Math.min(to, grouped) - j >= 4) {
        width = 4;
        terms4(chained, x, xi, m, mi, row, q.c, yi, stride);
      } else {
        width = 1;
        double y = 0.0;
        for (int p = 0; p < chained; p += PIECE) {
          int length = Math.min(PIECE, chained - p);
          if (j < grouped) {
            y += four(length, x, xi + p, m, mi + p, true);
          } else if (outputs - grouped >= 2 && j - grouped < 2) {
            y += two(length, x, xi + p, m, mi + p);
          } else {
            y += four(length, x, xi + p, m, mi + p, false);
          }
        }
        q.c[yi] = y;
      }
      for (int v = 0; v < width; v++) {
        int t = mi + v * row;
        q.c[yi + v * stride] = rest(q.k, chained, x, xi, m, t, q.c[yi + v * stride]);
      }
      j += width;
    }
  }

  /** Sums four outputs, each in four chains of fma. */
  private static void terms4(
      int terms, double[] x, int xi, double[] m, int mi, int row, double[] y, int yi, int stride) {
    int m1 = mi + row;
    int m2 = m1 + row;
    int m3 = m2 + row;
    double y0 = 0.0;
    double y1 = 0.0;
    double y2 = 0.0;
    double y3 = 0.0;
    for (int start = 0; start < terms; start += PIECE) {
      int end = Math.min(start + PIECE, terms);
      if (VL >= 4) {
        DoubleVector s0 = DoubleVector.zero(DoubleVector.SPECIES_256);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int p = start; p < end; p += 4) {
          DoubleVector t = DoubleVector.fromArray(DoubleVector.SPECIES_256, x, xi + p);
          s0 = t.fma(DoubleVector.fromArray(DoubleVector.SPECIES_256, m, mi + p), s0);
          s1 = t.fma(DoubleVector.fromArray(DoubleVector.SPECIES_256, m, m1 + p), s1);
          s2 = t.fma(DoubleVector.fromArray(DoubleVector.SPECIES_256, m, m2 + p), s2);
          s3 = t.fma(DoubleVector.fromArray(DoubleVector.SPECIES_256, m, m3 + p), s3);
        }
        y0 += (s0.lane(0) + s0.lane(2)) + (s0.lane(1) + s0.lane(3));
        y1 += (s1.lane(0) + s1.lane(2)) + (s1.lane(1) + s1.lane(3));
        y2 += (s2.lane(0) + s2.lane(2)) + (s2.lane(1) + s2.lane(3));
        y3 += (s3.lane(0) + s3.lane(2)) + (s3.lane(1) + s3.lane(3));
      } else {
        int length = end - start;
        y0 += halves(length, x, xi + start, m, mi + start);
        y1 += halves(length, x, xi + start, m, m1 + start);
        y2 += halves(length, x, xi + start, m, m2 + start);
        y3 += halves(length, x, xi + start, m, m3 + start);
      }
    }
    y[yi] = y0;
    y[yi + stride] = y1;
    y[yi + 2 * stride] = y2;
    y[yi + 3 * stride] = y3;
  }

  /** Sums one output in four chains of fma, two vectors of two. */
  private static double halves(int terms, double[] x, int xi, double[] m, int mi) {
    DoubleVector low = DoubleVector.zero(DoubleVector.SPECIES_128);
    DoubleVector high = low;
    for (int p = 0; p < terms; p += 4) {
      low =
          DoubleVector.fromArray(DoubleVector.SPECIES_128, x, xi + p)
              .fma(DoubleVector.fromArray(DoubleVector.SPECIES_128, m, mi + p), low);
      high =
          DoubleVector.fromArray(DoubleVector.SPECIES_128, x, xi + p + 2)
              .fma(DoubleVector.fromArray(DoubleVector.SPECIES_128, m, mi + p + 2), high);
    }
    DoubleVector sum = low.add(high);
    return sum.lane(0) + sum.lane(1);
  }

  private static double four(int terms, double[] x, int xi, double[] m, int mi, boolean fused) {
    double s0 = 0.0;
    double s1 = 0.0;
    double s2 = 0.0;
    double s3 = 0.0;
    for (int p = 0; p < terms; p += 4) {
      int i = xi + p;
      int j = mi + p;
      if (fused) {
        s0 = Math.fma(x[i], m[j], s0);
        s1 = Math.fma(x[i + 1], m[j + 1], s1);
        s2 = Math.fma(x[i + 2], m[j + 2], s2);
        s3 = Math.fma(x[i + 3], m[j + 3], s3);
      } else {
        s0 += x[i] * m[j];
        s1 += x[i + 1] * m[j + 1];
        s2 += x[i + 2] * m[j + 2];
        s3 += x[i + 3] * m[j + 3];
      }
    }
    return (s0 + s2) + (s1 + s3);
  }

  private static double two(int terms, double[] x, int xi, double[] m, int mi) {
    double s0 = 0.0;
    double s1 = 0.0;
    for (int p = 0; p < terms; p += 2) {
      s0 += x[xi + p] * m[mi + p];
      s1 += x[xi + p + 1] * m[mi + p + 1];
    }
    return s0 + s1;
  }

  private static double rest(int k, int chained, double[] x, int xi, double[] m, int mi, double y) {
    int i = xi + chained;
    int j = mi + chained;
    return switch (k - chained) {
      case 1 -> Math.fma(m[j], x[i], y);
      case 2 -> y + Math.fma(m[j], x[i], m[j + 1] * x[i + 1]);
      case 3 -> y + Math.fma(m[j + 2], x[i + 2], Math.fma(m[j], x[i], m[j + 1] * x[i + 1]));
      default -> y;
    };
  }
}
