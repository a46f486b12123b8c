package org.allclose.internal.kernel.math;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/** Loops on the Vector API: each lane does what the scalar implementation does. */
public final class VectorArrayFunctions implements ArrayFunctions {
  private static final VectorSpecies<Double> SPECIES = VectorWidth.SPECIES;
  private static final int LANES = SPECIES.length();

  private final ScalarArrayFunctions scalar = new ScalarArrayFunctions();

  @Override
  public void exp(double[] x, int xOffset, double[] y, int yOffset, int n) {
    VectorExp.exp(x, xOffset, y, yOffset, n);
  }

  @Override
  public void log(double[] x, int xOffset, double[] y, int yOffset, int n) {
    VectorLog.log(x, xOffset, y, yOffset, n);
  }

  @Override
  public void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
    VectorTanh.tanh(x, xOffset, y, yOffset, n);
  }

  @Override
  public void relu(double[] x, int xOffset, double[] y, int yOffset, int n) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, xOffset + i);
      v.mul(mask(v)).intoArray(y, yOffset + i);
    }
    scalar.relu(x, xOffset + end, y, yOffset + end, n - end);
  }

  @Override
  public void reluGradient(double[] dout, double[] y, double[] dx, int n) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      DoubleVector mask = mask(DoubleVector.fromArray(SPECIES, y, i));
      DoubleVector.fromArray(SPECIES, dout, i).mul(mask).intoArray(dx, i);
    }
    for (int i = end; i < n; i++) {
      dx[i] = dout[i] * (y[i] > 0 ? 1.0 : 0.0);
    }
  }

  @Override
  public void addRow(double[] x, int xOffset, double[] row, int n) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, xOffset + i);
      v.add(DoubleVector.fromArray(SPECIES, row, i)).intoArray(x, xOffset + i);
    }
    for (int i = end; i < n; i++) {
      x[xOffset + i] += row[i];
    }
  }

  @Override
  public void addRowRelu(double[] x, int xOffset, double[] row, int n) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, xOffset + i);
      v = v.add(DoubleVector.fromArray(SPECIES, row, i));
      v.mul(mask(v)).intoArray(x, xOffset + i);
    }
    for (int i = end; i < n; i++) {
      double v = x[xOffset + i] + row[i];
      x[xOffset + i] = v * (v > 0 ? 1.0 : 0.0);
    }
  }

  private static DoubleVector mask(DoubleVector v) {
    return DoubleVector.zero(SPECIES).blend(1.0, v.compare(VectorOperators.GT, 0.0));
  }

  @Override
  public void sumOverRows(double[] matrix, int rows, int columns, double[] sum) {
    VectorSums.sumOverRows(matrix, rows, columns, sum);
  }

  @Override
  public void squaredDeviationsOverRows(
      double[] matrix, int rows, int columns, double[] center, double[] sum) {
    VectorSums.squaredDeviationsOverRows(matrix, rows, columns, center, sum);
  }

  @Override
  public double sumOfBlock(double[] x, int offset, int n) {
    return VectorSums.sum(x, offset, n);
  }

  @Override
  public double squaredDeviationsOfBlock(double[] x, int offset, int n, double center) {
    return VectorSums.squaredDeviations(x, offset, n, center);
  }
}
