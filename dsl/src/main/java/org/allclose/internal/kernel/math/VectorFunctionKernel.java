package org.allclose.internal.kernel.math;

/** Hands on to the functions in vectors. */
final class VectorFunctionKernel implements FunctionKernel {
  private final VectorExp exp = new VectorExp();
  private final VectorLog log = new VectorLog();
  private final VectorTanh tanh = new VectorTanh();

  @Override
  public void exp(double[] x, int xOffset, double[] y, int yOffset, int n) {
    exp.apply(x, xOffset, y, yOffset, n);
  }

  @Override
  public void log(double[] x, int xOffset, double[] y, int yOffset, int n) {
    log.apply(x, xOffset, y, yOffset, n);
  }

  @Override
  public void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
    tanh.apply(x, xOffset, y, yOffset, n);
  }
}
