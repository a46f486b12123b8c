package org.allclose.layer.sequence;

import java.util.ArrayList;
import java.util.List;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Attention whose scores and weights, and their gradients, are disturbed by artificial rounding
 * errors; it drops what the pass dropped.
 *
 * <p>The errors of a score are in proportion to the terms of its product, those of weights and of
 * the scores' gradients to those of softmax.
 */
final class DisturbedAttentionPass implements Pass {
  private final AttentionPass pass;
  private final RoundingErrors errors;
  private final double[] drop;
  private List<Tensor> inputs = List.of();
  private double[] weights = {};

  DisturbedAttentionPass(AttentionPass pass, RoundingErrors errors) {
    this.pass = pass;
    this.errors = errors;
    drop = pass.drop().clone();
  }

  @Override
  public Tensor forward(List<Tensor> given) {
    inputs = given;
    weights = scores(given);
    softmax(weights);
    double[] taken = AttentionTerms.taken(weights, drop);
    Tensor y = pass.newOutput();
    int values = pass.sizes.values();
    for (int i = 0; i < pass.sizes.matrices(); i++) {
      pass.targets(y.unwrap(), i, values)
          .addProduct(pass.scores(taken, i), pass.sources(given.get(2).unwrap(), i, values));
    }
    return y;
  }

  private double[] scores(List<Tensor> given) {
    double[] q = given.get(0).unwrap();
    double[] k = given.get(1).unwrap();
    double[] scores = products(q, k, pass.sizes.features());
    double[] terms = products(magnitudes(q), magnitudes(k), pass.sizes.features());
    double factor = pass.setup.factor(pass.sizes.features());
    double[] mask = pass.mask(given);
    for (int i = 0; i < scores.length; i++) {
      double added = mask.length == 0 ? 0 : mask[i];
      scores[i] = scores[i] * factor + added;
      terms[i] = Double.isInfinite(added) ? 0 : terms[i] * Math.abs(factor) + Math.abs(added);
    }
    disturb(scores, terms);
    int sources = pass.sizes.sources();
    for (int i = 0; pass.setup.causal() && i < scores.length; i++) {
      if (i % sources > i / sources % pass.sizes.targets()) {
        scores[i] = Double.NEGATIVE_INFINITY;
      }
    }
    return scores;
  }

  /** Returns the products of targets and transposed sources with so many columns of a head. */
  private double[] products(double[] a, double[] b, int columns) {
    double[] products = new double[pass.weights().length];
    for (int i = 0; i < pass.sizes.matrices(); i++) {
      pass.scores(products, i)
          .addProduct(pass.targets(a, i, columns), pass.sources(b, i, columns).transposed());
    }
    return products;
  }

  /** Turns scores into weights. */
  private void softmax(double[] x) {
    int n = pass.sizes.sources();
    double[] terms = new double[x.length];
    for (int row = 0; row < x.length; row += n) {
      double max = Double.NEGATIVE_INFINITY;
      for (int j = row; j < row + n; j++) {
        max = Math.max(max, x[j]);
      }
      double sum = 0;
      double distances = 0;
      for (int j = row; j < row + n; j++) {
        terms[j] = x[j] == Double.NEGATIVE_INFINITY ? 0 : max - x[j];
        x[j] = Math.exp(x[j] - max);
        sum += x[j];
        distances += x[j] * terms[j];
      }
      for (int j = row; j < row + n; j++) {
        x[j] /= sum;
        terms[j] = x[j] * (2 + terms[j] + distances / sum);
      }
    }
    disturb(x, terms);
  }

  @Override
  public List<Tensor> backwardToInputs(Tensor dout) {
    double[] v = inputs.get(2).unwrap();
    int values = pass.sizes.values();
    double[] gradient = products(dout.unwrap(), v, values);
    disturb(gradient, products(magnitudes(dout.unwrap()), magnitudes(v), values));
    double[] ofWeights = AttentionTerms.taken(gradient, drop);
    throughSoftmax(ofWeights);
    List<Tensor> given = new ArrayList<>(inputs);
    given.add(dout);
    double[] taken = AttentionTerms.taken(weights, drop);
    List<Tensor> gradients = AttentionTerms.products(pass, ofWeights, taken, given);
    if (inputs.size() > 3) {
      gradients.add(pass.maskGradient(ofWeights));
    }
    return gradients;
  }

  /** Turns the gradient of the weights into that of the scores. */
  private void throughSoftmax(double[] gradient) {
    int n = pass.sizes.sources();
    double[] terms = new double[gradient.length];
    for (int row = 0; row < gradient.length; row += n) {
      double sum = 0;
      double sumTerms = 0;
      for (int j = row; j < row + n; j++) {
        sum += gradient[j] * weights[j];
        sumTerms += Math.abs(gradient[j]) * weights[j];
      }
      for (int j = row; j < row + n; j++) {
        terms[j] = weights[j] * (2 * Math.abs(gradient[j]) + 2 * sumTerms);
        gradient[j] = weights[j] * (gradient[j] - sum);
      }
    }
    disturb(gradient, terms);
  }

  private void disturb(double[] values, double[] terms) {
    Shape shape = Shape.of(values.length);
    errors.addTo(Tensor.wrap(shape, values), Tensor.wrap(shape, terms));
  }

  private static double[] magnitudes(double[] values) {
    double[] magnitudes = values.clone();
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] = Math.abs(magnitudes[i]);
    }
    return magnitudes;
  }
}
