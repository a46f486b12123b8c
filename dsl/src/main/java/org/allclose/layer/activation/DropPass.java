package org.allclose.layer.activation;

import org.allclose.internal.ops.Groups;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.pass.ElementwisePass;
import org.allclose.internal.pass.FactorPass;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Mode;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/** Keeps or drops whole groups of elements, {@code mask = (rand(groups) < keep) / keep}. */
final class DropPass extends ElementwisePass {
  private final LayerContext context;
  private final RandomGenerator random;
  private final double keep;
  private final Groups groups;
  private final Tensor mask;

  private DropPass(LayerContext context, double keep, Groups groups) {
    super(context);
    this.context = context;
    random = context.random();
    this.keep = keep;
    this.groups = groups;
    mask = Tensor.zeros(groups.groups());
  }

  /** Returns a pass that draws a mask in training mode, and does nothing otherwise. */
  static Pass of(LayerContext context, double keep, Groups groups) {
    return context.mode() == Mode.TRAINING
        ? new DropPass(context, keep, groups)
        : new UnaryPass() {
          @Override
          public Tensor forward(Tensor x) {
            return x;
          }

          @Override
          public Tensor backward(Tensor dout) {
            return dout;
          }
        };
  }

  @Override
  protected void compute(Ops ops, Tensor x, Tensor y) {
    ops.dropoutMask(random, keep, mask);
    ops.scaleGroups(x, groups, mask, y);
  }

  @Override
  protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
    ops.scaleGroups(dout, groups, mask, dx);
  }

  @Override
  public Pass disturbed(RoundingErrors errors) {
    Tensor factors = context.newInputBatch();
    for (int i = 0; i < factors.size(); i++) {
      factors.unwrap()[i] = mask.unwrap()[groups.of(i)];
    }
    return new FactorPass(context, factors);
  }
}
