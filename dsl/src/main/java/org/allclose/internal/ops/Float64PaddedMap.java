package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.image.Margins;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** A map of images that are copied into a margin of their own elements first. */
final class Float64PaddedMap implements LinearMap {
  private final LinearMap map;
  private final Margins margins;
  private final Shape shape;
  private Tensor padded = Tensor.EMPTY;
  private Tensor gradient = Tensor.EMPTY;

  /**
   * @param shape of a batch of padded images
   */
  Float64PaddedMap(LinearMap map, Margins margins, Shape shape) {
    this.map = map;
    this.margins = margins;
    this.shape = shape;
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    if (padded.size() == 0) {
      padded = Tensor.zeros(shape);
    }
    margins.pad(x.unwrap(), padded.unwrap());
    map.forward(padded, y);
  }

  @Override
  public void parameterGradients(Tensor x, Tensor dy, Tensor dw, Optional<Tensor> db) {
    map.parameterGradients(padded, dy, dw, db);
  }

  @Override
  public void inputGradient(Tensor dy, Tensor dx) {
    if (gradient.size() == 0) {
      gradient = Tensor.zeros(shape);
    }
    map.inputGradient(dy, gradient);
    margins.fold(gradient.unwrap(), dx.unwrap());
  }
}
