package org.allclose.layer;

import org.allclose.kernel.Maxima;
import org.allclose.tensor.Tensor;

/**
 * The terms of softmax: {@code p * (2 + |x - max| + sum(p * |x - max|))}, since the rounding of
 * {@code x - max} is that of its exponential's factor, in the numerator and in the sum; and {@code
 * p * (|dout| + sum(p * |dout|))}.
 */
final class SoftmaxTerms implements Terms {
  private final int classes;
  private double[] p = {};

  SoftmaxTerms(int classes) {
    this.classes = classes;
  }

  @Override
  public Tensor forward(Tensor x, Tensor y) {
    p = y.toArray();
    Tensor terms = x.copy();
    double[] t = terms.unwrap();
    for (int row = 0; row < p.length; row += classes) {
      double max = Maxima.of(x.unwrap(), row, classes);
      double sum = 0;
      for (int j = row; j < row + classes; j++) {
        t[j] = p[j] == 0 ? 0 : Math.abs(t[j] - max);
        sum += p[j] * t[j];
      }
      for (int j = row; j < row + classes; j++) {
        t[j] = p[j] * (2 + t[j] + sum);
      }
    }
    return terms;
  }

  @Override
  public Tensor backward(Tensor dout, Tensor dx) {
    Tensor terms = Magnitudes.of(dout);
    double[] t = terms.unwrap();
    for (int row = 0; row < p.length; row += classes) {
      double sum = 0;
      for (int j = row; j < row + classes; j++) {
        sum += p[j] * t[j];
      }
      for (int j = row; j < row + classes; j++) {
        t[j] = p[j] * (t[j] + sum);
      }
    }
    return terms;
  }
}
