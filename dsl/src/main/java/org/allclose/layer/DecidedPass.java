package org.allclose.layer;

import org.allclose.tensor.Tensor;

/** A pass that decides, which values are positive or largest, as for another batch of inputs. */
final class DecidedPass implements Pass {
  private final Pass pass;
  private final Tensor decisive;
  private Pass nearby;

  /**
   * @param decisive the inputs whose decisions are taken; not modified
   */
  DecidedPass(Pass pass, Tensor decisive) {
    this.pass = pass;
    this.decisive = decisive;
    nearby = pass;
  }

  @Override
  public Tensor forward(Tensor x) {
    pass.forward(decisive);
    nearby = pass.disturbed(RoundingErrors.none());
    return nearby.forward(x);
  }

  @Override
  public Tensor backward(Tensor dout) {
    return nearby.backward(dout);
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
