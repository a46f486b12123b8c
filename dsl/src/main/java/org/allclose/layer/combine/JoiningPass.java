package org.allclose.layer.combine;

import java.util.List;
import java.util.stream.IntStream;
import org.allclose.internal.ops.Movement;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.ops.Places;
import org.allclose.internal.ops.ShapeOps;
import org.allclose.layer.LayerContext;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Puts inputs one behind the other along an axis; their gradients are the parts of dout. */
final class JoiningPass extends CombiningPass {
  private final Movement[] parts;

  /**
   * @param output the shape of one output sample
   * @param lengths how much of the axis each input takes
   */
  JoiningPass(LayerContext context, Shape output, int axis, int[] lengths) {
    super(context, output);
    ShapeOps shapes = ShapeOps.of(context.dtype(), context.threads());
    parts = new Movement[lengths.length];
    int start = 0;
    for (int i = 0; i < parts.length; i++) {
      int[] indices = IntStream.range(start, start + lengths[i]).toArray();
      parts[i] = shapes.movement(context.batch(), Places.of(output).along(axis, indices));
      start += lengths[i];
    }
  }

  @Override
  void compute(Ops ops, List<Tensor> inputs, Tensor y) {
    for (int i = 0; i < parts.length; i++) {
      parts[i].put(inputs.get(i), y);
    }
  }

  @Override
  void computeGradients(Ops ops, Tensor dout, List<Tensor> inputs, List<Tensor> gradients) {
    for (int i = 0; i < parts.length; i++) {
      parts[i].take(dout, 0, gradient(gradients, i));
    }
  }
}
