package org.allclose.internal.kernel.math;

/** Calls the functions of a number. */
final class ScalarFunctionKernel implements FunctionKernel {

  @Override
  public void exp(double[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = Exp.exp(x[xOffset + i]);
    }
  }

  @Override
  public void log(double[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = Log.log(x[xOffset + i]);
    }
  }

  @Override
  public void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = Tanh.tanh(x[xOffset + i]);
    }
  }
}
