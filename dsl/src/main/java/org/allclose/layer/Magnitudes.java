package org.allclose.layer;

import java.util.List;
import org.allclose.tensor.Tensor;

/** The terms of results that are moved or scaled, not added up: their own magnitudes. */
final class Magnitudes implements Terms {

  /** Returns {@code |tensor|}, element by element. */
  static Tensor of(Tensor tensor) {
    Tensor magnitudes = tensor.copy();
    double[] values = magnitudes.unwrap();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    return magnitudes;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Tensor y) {
    return of(y);
  }

  @Override
  public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
    return gradients.stream().map(Magnitudes::of).toList();
  }
}
