package org.allclose;

import java.util.List;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.Terms;
import org.allclose.tensor.Tensor;

/** A pass that decides, which values are positive or largest, as for another batch of inputs. */
final class DecidedPass implements Pass {
  private final Pass pass;
  private final List<Tensor> decisive;
  private Pass nearby;

  /**
   * @param decisive the inputs whose decisions are taken; not modified
   */
  DecidedPass(Pass pass, Tensor decisive) {
    this.pass = pass;
    this.decisive = List.of(decisive);
    nearby = pass;
  }

  @Override
  public Tensor forward(List<Tensor> inputs) {
    pass.forward(decisive);
    nearby = pass.disturbed(RoundingErrors.none());
    return nearby.forward(inputs);
  }

  @Override
  public List<Tensor> backwardToInputs(Tensor dout) {
    return nearby.backwardToInputs(dout);
  }

  @Override
  public Terms terms() {
    return pass.terms();
  }

  @Override
  public Pass disturbed(RoundingErrors errors) {
    return pass.disturbed(errors);
  }
}
