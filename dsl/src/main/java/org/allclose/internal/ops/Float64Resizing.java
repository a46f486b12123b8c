package org.allclose.internal.ops;

import org.allclose.internal.kernel.image.ResampledAxis;
import org.allclose.internal.kernel.image.Resampling;
import org.allclose.tensor.Tensor;

/** Images of another size in double precision. */
record Float64Resizing(ResampledAxis rows, ResampledAxis columns) implements PixelOps.Resizing {

  @Override
  public void forward(Tensor x, Tensor y) {
    Resampling.forward(x.unwrap(), planes(x), rows, columns, y.unwrap());
  }

  @Override
  public void gradient(Tensor dy, Tensor dx) {
    Resampling.gradient(dy.unwrap(), planes(dx), rows, columns, dx.unwrap());
  }

  @Override
  public PixelOps.Resizing magnitudes() {
    return new Float64Resizing(rows.magnitudes(), columns.magnitudes());
  }

  private static int planes(Tensor images) {
    return images.shape().axis(0) * images.shape().axis(1);
  }
}
