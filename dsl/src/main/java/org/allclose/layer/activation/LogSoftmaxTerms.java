package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.Terms;
import org.allclose.tensor.Tensor;

/**
 * The terms of the logarithm of softmax, {@code y = d - log(s)}: those of d are {@code |d|}, the
 * relative ones of s are {@code 2 + sum(p * |d|)}, as {@link SoftmaxTerms} has them, which are the
 * absolute ones of its logarithm. Together {@code t = |d| + |log(s)| + 2 + sum(p * |d|)}.
 *
 * <p>Those of the input's gradient, {@code dout - p * sum(dout)}, are {@code |dout| + p * (e *
 * |sum(dout)| + sum(|dout|))} with {@code e = 2 + |y|}.
 */
final class LogSoftmaxTerms implements Terms {
  private final int classes;
  private double[] y = {};

  LogSoftmaxTerms(int classes) {
    this.classes = classes;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Tensor output) {
    Tensor x = inputs.get(0);
    y = output.toArray();
    Tensor terms = output.copy();
    for (int row = 0; row < y.length; row += classes) {
      double max = Ops.maximum(x.unwrap(), row, classes);
      double sum = 2;
      for (int j = row; j < row + classes; j++) {
        double p = Math.exp(y[j]);
        sum += p == 0 ? 0 : p * (max - x.unwrap()[j]);
      }
      for (int j = row; j < row + classes; j++) {
        double d = max - x.unwrap()[j];
        terms.unwrap()[j] = d + Math.abs(y[j] + d) + sum;
      }
    }
    return terms;
  }

  @Override
  public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
    double[] upstream = dout.unwrap();
    Tensor terms = dout.copy();
    for (int row = 0; row < y.length; row += classes) {
      double sum = 0;
      double magnitudes = 0;
      for (int j = row; j < row + classes; j++) {
        sum += upstream[j];
        magnitudes += Math.abs(upstream[j]);
      }
      for (int j = row; j < row + classes; j++) {
        double p = Math.exp(y[j]);
        double own = p == 0 ? 0 : p * ((2 + Math.abs(y[j])) * Math.abs(sum) + magnitudes);
        terms.unwrap()[j] = Math.abs(upstream[j]) + own;
      }
    }
    return List.of(terms);
  }
}
