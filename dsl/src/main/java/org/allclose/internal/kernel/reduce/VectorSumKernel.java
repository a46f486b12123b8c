package org.allclose.internal.kernel.reduce;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/**
 * Sums on the Vector API: those of 8 to 128 elements with numpy's 8 interleaved partial sums, which
 * are the lanes of one vector of 512 bits, two of 256 or four of 128.
 */
final class VectorSumKernel implements SumKernel {
  private static final VectorSpecies<Double> SPECIES = VectorWidth.SPECIES;
  private static final int LANES = SPECIES.length();

  @Override
  public double sumOfBlock(double[] x, int offset, int n) {
    int end = offset + (n & -8);
    DoubleVector a = load(x, offset);
    DoubleVector b = LANES < 8 ? load(x, offset + LANES) : a;
    DoubleVector c = LANES < 4 ? load(x, offset + 2 * LANES) : a;
    DoubleVector d = LANES < 4 ? load(x, offset + 3 * LANES) : a;
    for (int i = offset + 8; i < end; i += 8) {
      a = a.add(load(x, i));
      if (LANES < 8) {
        b = b.add(load(x, i + LANES));
      }
      if (LANES < 4) {
        c = c.add(load(x, i + 2 * LANES));
        d = d.add(load(x, i + 3 * LANES));
      }
    }
    double sum = tree(a, b, c, d);
    for (int i = end; i < offset + n; i++) {
      sum += x[i];
    }
    return sum;
  }

  @Override
  public double squaredDeviationsOfBlock(double[] x, int offset, int n, double center) {
    int end = offset + (n & -8);
    DoubleVector a = square(x, offset, center);
    DoubleVector b = LANES < 8 ? square(x, offset + LANES, center) : a;
    DoubleVector c = LANES < 4 ? square(x, offset + 2 * LANES, center) : a;
    DoubleVector d = LANES < 4 ? square(x, offset + 3 * LANES, center) : a;
    for (int i = offset + 8; i < end; i += 8) {
      a = a.add(square(x, i, center));
      if (LANES < 8) {
        b = b.add(square(x, i + LANES, center));
      }
      if (LANES < 4) {
        c = c.add(square(x, i + 2 * LANES, center));
        d = d.add(square(x, i + 3 * LANES, center));
      }
    }
    double sum = tree(a, b, c, d);
    for (int i = end; i < offset + n; i++) {
      double deviation = x[i] - center;
      sum += deviation * deviation;
    }
    return sum;
  }

  /** Sums stay in registers, those of four vectors of columns at a time. */
  @Override
  public void sumOverRows(double[] matrix, int rows, int columns, double[] sum) {
    int j = 0;
    for (; j <= columns - 4 * LANES; j += 4 * LANES) {
      DoubleVector a = DoubleVector.zero(SPECIES);
      DoubleVector b = a;
      DoubleVector c = a;
      DoubleVector d = a;
      for (int i = 0; i < rows; i++) {
        int at = i * columns + j;
        a = a.add(load(matrix, at));
        b = b.add(load(matrix, at + LANES));
        c = c.add(load(matrix, at + 2 * LANES));
        d = d.add(load(matrix, at + 3 * LANES));
      }
      a.intoArray(sum, j);
      b.intoArray(sum, j + LANES);
      c.intoArray(sum, j + 2 * LANES);
      d.intoArray(sum, j + 3 * LANES);
    }
    for (; j <= columns - LANES; j += LANES) {
      DoubleVector a = DoubleVector.zero(SPECIES);
      for (int i = 0; i < rows; i++) {
        a = a.add(load(matrix, i * columns + j));
      }
      a.intoArray(sum, j);
    }
    for (; j < columns; j++) {
      double rest = 0.0;
      for (int i = 0; i < rows; i++) {
        rest += matrix[i * columns + j];
      }
      sum[j] = rest;
    }
  }

  @Override
  public void squaredDeviationsOverRows(
      double[] matrix, int rows, int columns, double[] center, double[] sum) {
    int j = 0;
    for (; j <= columns - 2 * LANES; j += 2 * LANES) {
      DoubleVector centerA = load(center, j);
      DoubleVector centerB = load(center, j + LANES);
      DoubleVector a = DoubleVector.zero(SPECIES);
      DoubleVector b = a;
      for (int i = 0; i < rows; i++) {
        DoubleVector deviation = load(matrix, i * columns + j).sub(centerA);
        a = a.add(deviation.mul(deviation));
        deviation = load(matrix, i * columns + j + LANES).sub(centerB);
        b = b.add(deviation.mul(deviation));
      }
      a.intoArray(sum, j);
      b.intoArray(sum, j + LANES);
    }
    for (; j < columns; j++) {
      double rest = 0.0;
      for (int i = 0; i < rows; i++) {
        double deviation = matrix[i * columns + j] - center[j];
        rest += deviation * deviation;
      }
      sum[j] = rest;
    }
  }

  private static DoubleVector load(double[] x, int i) {
    return DoubleVector.fromArray(SPECIES, x, i);
  }

  private static DoubleVector square(double[] x, int i, double center) {
    DoubleVector deviation = DoubleVector.fromArray(SPECIES, x, i).sub(center);
    return deviation.mul(deviation);
  }

  /** {@code ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))}, where r is a, b, c, d in a row. */
  private static double tree(DoubleVector a, DoubleVector b, DoubleVector c, DoubleVector d) {
    if (LANES == 8) {
      double left = (a.lane(0) + a.lane(1)) + (a.lane(2) + a.lane(3));
      return left + ((a.lane(4) + a.lane(5)) + (a.lane(6) + a.lane(7)));
    }
    if (LANES == 4) {
      double left = (a.lane(0) + a.lane(1)) + (a.lane(2) + a.lane(3));
      return left + ((b.lane(0) + b.lane(1)) + (b.lane(2) + b.lane(3)));
    }
    double left = (a.lane(0) + a.lane(1)) + (b.lane(0) + b.lane(1));
    return left + ((c.lane(0) + c.lane(1)) + (d.lane(0) + d.lane(1)));
  }
}
