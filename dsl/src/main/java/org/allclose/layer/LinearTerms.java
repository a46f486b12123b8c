package org.allclose.layer;

import java.util.List;
import java.util.function.Function;
import org.allclose.tensor.Tensor;

/**
 * The terms of layers whose results are sums of products: what the layer itself gives for the
 * magnitudes of everything in them.
 *
 * <p>For a dense layer these are {@code |x||W| + |b|}, {@code |dout||W|.T} and {@code |x|.T|dout|}.
 */
final class LinearTerms implements Terms {
  private final LayerContext magnitudes;
  private final Pass pass;

  /** The terms of a pass that is linear in its inputs and in each of its parameters. */
  LinearTerms(Function<LayerContext, Pass> maker, LayerContext context) {
    magnitudes = context.magnitudes();
    pass = maker.apply(magnitudes);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Tensor y) {
    return pass.forward(inputs.stream().map(Magnitudes::of).toList());
  }

  @Override
  public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
    return pass.backwardToInputs(Magnitudes.of(dout));
  }

  @Override
  public Tensor gradient(String parameter, Tensor value) {
    return magnitudes.gradient(parameter);
  }
}
