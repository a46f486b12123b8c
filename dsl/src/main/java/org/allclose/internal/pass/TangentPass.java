package org.allclose.internal.pass;

import java.util.function.DoubleUnaryOperator;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.tensor.Tensor;

/**
 * A function of each element near a point, {@code y + slope * d} with the gradient {@code dout *
 * (slope + curvature * d)} for inputs {@code x + d}: what decided layers do when they repeat.
 */
final class TangentPass extends ElementwisePass {
  private final Tensor x;
  private final Tensor y;
  private final Tensor slopes;
  private final Tensor curvatures;
  private final Tensor distance;
  private final Tensor product;

  /**
   * @param x one for each element of a batch; kept, not copied
   * @param y likewise
   */
  TangentPass(
      LayerContext context,
      Tensor x,
      Tensor y,
      DoubleUnaryOperator slope,
      DoubleUnaryOperator curvature) {
    super(context);
    this.x = x;
    this.y = y;
    slopes = x.map(slope);
    curvatures = x.map(curvature);
    distance = Tensor.zeros(x.shape());
    product = Tensor.zeros(x.shape());
  }

  @Override
  protected void compute(Ops ops, Tensor near, Tensor out) {
    ops.subtract(near, x, distance);
    ops.multiply(slopes, distance, product);
    ops.add(y, product, out);
  }

  @Override
  protected void computeGradient(Ops ops, Tensor dout, Tensor near, Tensor out, Tensor dx) {
    ops.multiply(curvatures, distance, product);
    ops.add(slopes, product, product);
    ops.multiply(dout, product, dx);
  }
}
