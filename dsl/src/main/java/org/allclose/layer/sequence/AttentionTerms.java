package org.allclose.layer.sequence;

import java.util.ArrayList;
import java.util.List;
import org.allclose.layer.Terms;
import org.allclose.tensor.Tensor;

/**
 * The terms of attention, weights and scores' gradient given: those of its last products. What
 * becomes of the errors of scores and weights is measured: see {@link DisturbedAttentionPass}.
 */
final class AttentionTerms implements Terms {
  private final AttentionPass pass;

  AttentionTerms(AttentionPass pass) {
    this.pass = pass;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Tensor y) {
    Tensor sums = pass.newOutput();
    double[] taken = taken(pass.weights(), pass.drop());
    double[] v = Terms.magnitudes(inputs.get(2)).unwrap();
    int values = pass.sizes.values();
    for (int i = 0; i < pass.sizes.matrices(); i++) {
      pass.targets(sums.unwrap(), i, values)
          .addProduct(pass.scores(taken, i), pass.sources(v, i, values));
    }
    return sums;
  }

  /** Returns the weights that are used. */
  static double[] taken(double[] weights, double[] drop) {
    double[] taken = weights.clone();
    for (int i = 0; i < drop.length; i++) {
      taken[i] *= drop[i];
    }
    return taken;
  }

  @Override
  public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
    double[] scores = pass.scoreGradient().clone();
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.abs(scores[i]);
    }
    List<Tensor> sums =
        products(pass, scores, taken(pass.weights(), pass.drop()), magnitudes(dout));
    if (gradients.size() > 3) {
      sums.add(pass.maskGradient(scores));
    }
    return sums;
  }

  private List<Tensor> magnitudes(Tensor dout) {
    List<Tensor> all = new ArrayList<>(pass.inputs().stream().map(Terms::magnitudes).toList());
    all.add(Terms.magnitudes(dout));
    return all;
  }

  /**
   * Returns the gradients of queries, keys and values.
   *
   * @param scores the gradient of the scores
   * @param taken the weights that are used
   * @param given the inputs and, behind them, the gradient of the output
   */
  static List<Tensor> products(
      AttentionPass pass, double[] scores, double[] taken, List<Tensor> given) {
    List<Tensor> gradients = new ArrayList<>();
    for (int input = 0; input < 3; input++) {
      gradients.add(pass.newGradient(input));
    }
    double[] q = given.get(0).unwrap();
    double[] k = given.get(1).unwrap();
    double[] dout = given.get(given.size() - 1).unwrap();
    double[] scaled = scores.clone();
    int features = pass.sizes.features();
    int values = pass.sizes.values();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= pass.setup.factor(features);
    }
    for (int i = 0; i < pass.sizes.matrices(); i++) {
      Matrix products = pass.scores(scaled, i);
      pass.targets(gradients.get(0).unwrap(), i, features)
          .addProduct(products, pass.sources(k, i, features));
      pass.sources(gradients.get(1).unwrap(), i, features)
          .addProduct(products.transposed(), pass.targets(q, i, features));
      pass.sources(gradients.get(2).unwrap(), i, values)
          .addProduct(pass.scores(taken, i).transposed(), pass.targets(dout, i, values));
    }
    return gradients;
  }
}
