package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.Terms;
import org.allclose.tensor.Tensor;

/**
 * The terms of softmax. The rounding of {@code d = x - max} is that of a factor of its exponential,
 * which the sum has in it as well, so that those of p are {@code p * e} with {@code e = 2 + |d| +
 * sum(p * |d|)}.
 *
 * <p>Those of the input's gradient, {@code p * (dout - sum(dout * p))}, are {@code p * (e * |dout -
 * sum(dout * p)| + |dout| + sum(|dout| * p * e))}.
 */
final class SoftmaxTerms implements Terms {
  private final int classes;
  private double[] p = {};
  private double[] e = {};

  SoftmaxTerms(int classes) {
    this.classes = classes;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Tensor y) {
    Tensor x = inputs.get(0);
    p = y.toArray();
    e = new double[p.length];
    Tensor terms = y.copy();
    for (int row = 0; row < p.length; row += classes) {
      double max = Ops.maximum(x.unwrap(), row, classes);
      double sum = 0;
      for (int j = row; j < row + classes; j++) {
        e[j] = p[j] == 0 ? 0 : max - x.unwrap()[j];
        sum += p[j] * e[j];
      }
      for (int j = row; j < row + classes; j++) {
        e[j] += 2 + sum;
        terms.unwrap()[j] *= e[j];
      }
    }
    return terms;
  }

  @Override
  public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
    double[] upstream = dout.unwrap();
    Tensor terms = dout.copy();
    for (int row = 0; row < p.length; row += classes) {
      double sum = 0;
      double sumTerms = 0;
      for (int j = row; j < row + classes; j++) {
        sum += p[j] * upstream[j];
        sumTerms += p[j] * Math.abs(upstream[j]) * e[j];
      }
      for (int j = row; j < row + classes; j++) {
        double own = e[j] * Math.abs(upstream[j] - sum) + Math.abs(upstream[j]);
        terms.unwrap()[j] = p[j] * (own + sumTerms);
      }
    }
    return List.of(terms);
  }
}
