package org.allclose.layer.sequence;

import java.util.List;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.Terms;
import org.allclose.tensor.Tensor;

/** A pass within a layer whose results are disturbed by artificial rounding errors. */
final class DisturbedStep implements Pass {
  private final Pass pass;
  private final Terms terms;
  private final RoundingErrors errors;

  DisturbedStep(Pass pass, RoundingErrors errors) {
    this.errors = errors;
    this.pass = pass.disturbed(errors);
    terms = pass.terms();
  }

  @Override
  public Tensor forward(List<Tensor> inputs) {
    Tensor y = pass.forward(inputs).copy();
    errors.addTo(y, terms.forward(inputs, y));
    return y;
  }

  @Override
  public List<Tensor> backwardToInputs(Tensor dout) {
    List<Tensor> gradients = pass.backwardToInputs(dout).stream().map(Tensor::copy).toList();
    List<Tensor> sums = terms.backward(dout, gradients);
    for (int i = 0; i < sums.size(); i++) {
      errors.addTo(gradients.get(i), sums.get(i));
    }
    return gradients;
  }
}
