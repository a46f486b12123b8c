package org.allclose.internal.kernel.math;

/** Hands on to the functions in vectors. */
final class VectorFunctionKernel implements FunctionKernel {

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
}
