package org.allclose.internal.kernel.sequence;

import org.allclose.internal.kernel.math.ElementaryFunctions;

/** {@code h = tanh(a)} or {@code a * (a > 0)} of {@code a = x.dot(Wx) + h.dot(Wh) + b}. */
public enum PlainCell implements Cell {
  TANH,
  RELU;

  @Override
  public int gates() {
    return 1;
  }

  @Override
  public void forward(Run run, int step) {
    int after = run.state(step + 1);
    for (int i = 0; i < run.rows() * run.units(); i++) {
      int column = i % run.units();
      double a = run.affine(run.state(step) + i, i / run.units(), column, run.units());
      run.h()[after + i] = this == TANH ? ElementaryFunctions.tanh(a) : a * (a > 0 ? 1.0 : 0.0);
    }
  }

  @Override
  public void addTerms(Run run, int step, double[] sums, double[] ofH, double[] ofC) {
    int after = run.state(step + 1);
    for (int i = 0; i < ofH.length; i++) {
      double h = run.h()[after + i];
      ofH[i] = (this == TANH ? 1 - h * h : h > 0 ? 1 : 0) * sums[i] + h;
    }
  }

  /** {@code dh * (1 - h * h)} or {@code dh * (h > 0)}. */
  @Override
  public boolean backward(
      Run run, int step, double sign, double[] dh, double[] dc, double[] da, double[] dah) {
    int after = run.state(step + 1);
    for (int i = 0; i < run.rows() * run.units(); i++) {
      double h = run.h()[after + i];
      da[i] = dh[i] * (this == TANH ? 1 + sign * (h * h) : h > 0 ? 1.0 : 0.0);
      dah[i] = da[i];
    }
    return false;
  }
}
