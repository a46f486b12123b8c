package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.image.Margins;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Convolutions in double precision. */
final class Float64ConvolutionOps implements ConvolutionOps {
  private final Parallel parallel;

  Float64ConvolutionOps(Parallel parallel) {
    this.parallel = parallel;
  }

  @Override
  public LinearMap withMargins(LinearMap map, int[] rows, int[] columns, Shape images) {
    int planes = images.axis(0) * images.axis(1);
    Shape padded = Shape.of(images.axis(0), images.axis(1), rows.length, columns.length);
    Margins margins = new Margins(rows, columns, images.axis(2), images.axis(3), planes, parallel);
    return new Float64PaddedMap(map, margins, padded);
  }

  @Override
  public LinearMap transposedConvolution(Windows windows, int batch, Tensor w, Optional<Tensor> b) {
    return new Float64TransposedConvolution(windows, batch, w, b, parallel);
  }
}
