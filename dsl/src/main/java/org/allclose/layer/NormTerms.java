package org.allclose.layer;

import org.allclose.tensor.Tensor;

/**
 * The terms of normalization, mean and variance given: with z the normalized value, {@code |gamma|
 * * (|x| + |mean|) / deviation + |beta|}, and of the input's gradient, with {@code g = dout *
 * gamma}, {@code (|g| + |mean(g)| + |z| * |mean(g * z)|) / deviation}.
 *
 * <p>The errors of the means themselves are common to their groups: see {@link DisturbedNormPass}.
 */
class NormTerms implements Terms {
  private final NormPass pass;
  private Tensor upstream = Tensor.zeros(0);

  NormTerms(NormPass pass) {
    this.pass = pass;
  }

  @Override
  public Tensor forward(Tensor x, Tensor y) {
    double[] gamma = pass.binding.parameter("gamma").unwrap();
    double[] beta = pass.binding.parameter("beta").unwrap();
    Tensor terms = Magnitudes.of(x);
    double[] t = terms.unwrap();
    for (int i = 0; i < t.length; i++) {
      int own = pass.own.of(i);
      int scaled = pass.scaled.of(i);
      double size = (t[i] + Math.abs(pass.mean[own])) / pass.deviation[own];
      t[i] = Math.abs(gamma[scaled]) * size + Math.abs(beta[scaled]);
    }
    return terms;
  }

  @Override
  public Tensor backward(Tensor dout, Tensor dx) {
    upstream = dout.copy();
    if (!pass.usesOwnMoments()) {
      return Magnitudes.of(dx);
    }
    double[] gamma = pass.binding.parameter("gamma").unwrap();
    double[] g = dout.toArray();
    double[] product = new double[g.length];
    for (int i = 0; i < g.length; i++) {
      g[i] *= gamma[pass.scaled.of(i)];
      product[i] = g[i] * pass.normalized[i];
    }
    double[] meanOfGradient = pass.own.means(g);
    double[] meanOfProduct = pass.own.means(product);
    Tensor terms = Tensor.zeros(dx.shape());
    for (int i = 0; i < g.length; i++) {
      int own = pass.own.of(i);
      double sum =
          Math.abs(g[i])
              + Math.abs(meanOfGradient[own])
              + Math.abs(pass.normalized[i] * meanOfProduct[own]);
      terms.unwrap()[i] = sum / pass.deviation[own];
    }
    return terms;
  }

  /** Returns {@code sum(|dout * z|)} for gamma, {@code sum(|dout|)} for beta. */
  @Override
  public Tensor gradient(String parameter, Tensor value) {
    Tensor terms = Tensor.zeros(value.shape());
    boolean scale = parameter.equals("gamma");
    for (int i = 0; i < upstream.size(); i++) {
      double factor = scale ? pass.normalized[i] : 1;
      terms.unwrap()[pass.scaled.of(i)] += Math.abs(upstream.unwrap()[i] * factor);
    }
    return terms;
  }
}
