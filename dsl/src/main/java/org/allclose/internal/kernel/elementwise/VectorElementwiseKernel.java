package org.allclose.internal.kernel.elementwise;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/** Loops on the Vector API: each lane does what the scalar implementation does. */
final class VectorElementwiseKernel implements ElementwiseKernel {
  private static final VectorSpecies<Double> SPECIES = VectorWidth.SPECIES;
  private static final int LANES = SPECIES.length();

  private final ScalarElementwiseKernel scalar = new ScalarElementwiseKernel();

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
  public void reluGradient(double[] dout, double[] y, double[] dx, int from, int to) {
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      DoubleVector mask = mask(DoubleVector.fromArray(SPECIES, y, i));
      DoubleVector.fromArray(SPECIES, dout, i).mul(mask).intoArray(dx, i);
    }
    scalar.reluGradient(dout, y, dx, i, to);
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
}
