package org.allclose.internal.pass;

import java.util.function.DoubleUnaryOperator;
import org.allclose.internal.ops.ElementFunction;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.tensor.Tensor;

/** The pass of a function of each element. */
public class FunctionPass extends ElementwisePass {
  private final LayerContext context;
  private final ElementFunction function;

  public FunctionPass(LayerContext context, ElementFunction function) {
    super(context);
    this.context = context;
    this.function = function;
  }

  @Override
  protected final void compute(Ops ops, Tensor x, Tensor y) {
    function.apply(x, y);
  }

  @Override
  protected final void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
    function.gradient(dout, x, y, dx);
  }

  /**
   * Returns the pass near the latest batch of a function that is made of pieces: each element stays
   * on its piece.
   *
   * @param slope the derivative of the piece that an element lies on
   * @param curvature the second derivative
   */
  protected final Pass onPieces(DoubleUnaryOperator slope, DoubleUnaryOperator curvature) {
    return new TangentPass(context, input().copy(), output().copy(), slope, curvature);
  }

  /** As {@link #onPieces(DoubleUnaryOperator, DoubleUnaryOperator)} where pieces are straight. */
  protected final Pass onPieces(DoubleUnaryOperator slope) {
    return onPieces(slope, x -> 0);
  }
}
