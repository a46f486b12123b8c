package org.allclose.layer.combine;

import java.util.List;
import org.allclose.internal.ops.Movement;
import org.allclose.internal.ops.Places;
import org.allclose.internal.ops.ShapeOps;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * The pass of a layer each of whose results is an element of its input or a constant.
 *
 * <p>The gradient is a copy if each element is taken at most once; else sums that start from 0, in
 * the order of the results.
 */
final class MovingPass extends UnaryPass {
  private final LayerContext context;
  private final Movement movement;
  private final double constant;
  private final Tensor out;
  private Tensor dx = Tensor.EMPTY;

  /** A pass without a constant. */
  MovingPass(LayerContext context, Shape output, Places places) {
    this(context, output, places, 0);
  }

  /**
   * @param output the shape of one output sample
   * @param places where its elements come from
   * @param constant the value of elements that come from nowhere
   */
  MovingPass(LayerContext context, Shape output, Places places, double constant) {
    this.context = context;
    this.constant = constant;
    movement = ShapeOps.of(context.dtype(), context.threads()).movement(context.batch(), places);
    out = context.newBatch(output);
  }

  @Override
  public Tensor forward(Tensor x) {
    movement.take(x, constant, out);
    return out;
  }

  @Override
  public Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = context.newInputBatch();
    }
    movement.gradient(dout, dx);
    return dx;
  }

  /** Terms of gradients are what is added up. */
  @Override
  public Terms terms() {
    return new Terms() {
      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        return Terms.magnitudes(y);
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
        Tensor sums = context.newInputBatch();
        movement.gradient(Terms.magnitudes(dout), sums);
        return List.of(sums);
      }
    };
  }
}
