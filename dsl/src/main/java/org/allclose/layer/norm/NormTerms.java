package org.allclose.layer.norm;

import java.util.Arrays;
import java.util.List;
import org.allclose.layer.Terms;
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
  public Tensor forward(List<Tensor> inputs, Tensor y) {
    double[] gamma = gamma();
    double[] beta = beta();
    double[] mean = pass.mean.unwrap();
    double[] deviation = pass.deviation.unwrap();
    Tensor terms = Terms.magnitudes(inputs.get(0));
    double[] t = terms.unwrap();
    for (int i = 0; i < t.length; i++) {
      int own = pass.own.of(i);
      int scaled = pass.scaled.of(i);
      double size = (t[i] + Math.abs(mean[own])) / deviation[own];
      t[i] = Math.abs(gamma[scaled]) * size + Math.abs(beta[scaled]);
    }
    return terms;
  }

  @Override
  public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
    upstream = dout.copy();
    if (!pass.usesOwnMoments()) {
      return List.of(Terms.magnitudes(gradients.get(0)));
    }
    double[] gamma = gamma();
    double[] normalized = pass.normalized.unwrap();
    double[] deviation = pass.deviation.unwrap();
    double[] g = dout.toArray();
    double[] product = new double[g.length];
    for (int i = 0; i < g.length; i++) {
      g[i] *= gamma[pass.scaled.of(i)];
      product[i] = g[i] * normalized[i];
    }
    double[] meanOfGradient = pass.own.means(g);
    double[] meanOfProduct = pass.own.means(product);
    Tensor terms = Tensor.zeros(dout.shape());
    for (int i = 0; i < g.length; i++) {
      int own = pass.own.of(i);
      double sum =
          Math.abs(g[i])
              + Math.abs(meanOfGradient[own])
              + Math.abs(normalized[i] * meanOfProduct[own]);
      terms.unwrap()[i] = sum / deviation[own];
    }
    return List.of(terms);
  }

  /** Returns {@code sum(|dout * z|)} for gamma, {@code sum(|dout|)} for beta. */
  @Override
  public Tensor gradient(String parameter, Tensor value) {
    Tensor terms = Tensor.zeros(value.shape());
    double[] normalized = pass.normalized.unwrap();
    boolean scale = parameter.equals(Affine.GAMMA);
    for (int i = 0; i < upstream.size(); i++) {
      double factor = scale ? normalized[i] : 1;
      terms.unwrap()[pass.scaled.of(i)] += Math.abs(upstream.unwrap()[i] * factor);
    }
    return terms;
  }

  /** Returns the factors of the groups, 1 where there are none. */
  private double[] gamma() {
    if (pass.affine.scales()) {
      return pass.context.parameter(Affine.GAMMA).unwrap();
    }
    double[] ones = new double[pass.scaled.groups()];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Returns what is added to the groups, 0 where nothing is. */
  private double[] beta() {
    return pass.affine.shifts()
        ? pass.context.parameter(Affine.BETA).unwrap()
        : new double[pass.scaled.groups()];
  }
}
