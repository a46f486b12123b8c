package org.allclose.internal.ops;

import org.allclose.internal.kernel.image.PixelShuffling;
import org.allclose.internal.kernel.image.PlaneMeans;
import org.allclose.internal.kernel.image.ResampledAxis;
import org.allclose.internal.kernel.image.ResponseNormalization;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** The operations on images in double precision: each is a call of the kernels. */
final class Float64PixelOps implements PixelOps {
  static final PixelOps INSTANCE = new Float64PixelOps();

  private Float64PixelOps() {}

  @Override
  public void means(Tensor x, Tensor out) {
    PlaneMeans.forward(x.unwrap(), out.size(), x.size() / out.size(), out.unwrap());
  }

  @Override
  public void meansGradient(Tensor dout, Tensor dx) {
    PlaneMeans.gradient(dout.unwrap(), dout.size(), dx.size() / dout.size(), dx.unwrap());
  }

  @Override
  public void shuffle(Tensor x, int factor, Tensor y) {
    Shape to = y.shape();
    PixelShuffling.shuffle(
        x.unwrap(),
        to.axis(0) * to.axis(1),
        to.axis(2) / factor,
        to.axis(3) / factor,
        factor,
        y.unwrap());
  }

  @Override
  public void unshuffle(Tensor x, int factor, Tensor y) {
    Shape from = x.shape();
    PixelShuffling.unshuffle(
        x.unwrap(),
        from.axis(0) * from.axis(1),
        from.axis(2) / factor,
        from.axis(3) / factor,
        factor,
        y.unwrap());
  }

  @Override
  public Resizing nearest(Extent2d from, Extent2d to) {
    return new Float64Resizing(
        ResampledAxis.nearest(from.height(), to.height()),
        ResampledAxis.nearest(from.width(), to.width()));
  }

  @Override
  public Resizing bilinear(Extent2d from, Extent2d to, boolean alignCorners) {
    return new Float64Resizing(
        ResampledAxis.linear(from.height(), to.height(), alignCorners),
        ResampledAxis.linear(from.width(), to.width(), alignCorners));
  }

  @Override
  public Resizing bicubic(Extent2d from, Extent2d to, boolean alignCorners) {
    return new Float64Resizing(
        ResampledAxis.cubic(from.height(), to.height(), alignCorners),
        ResampledAxis.cubic(from.width(), to.width(), alignCorners));
  }

  @Override
  public ResponseNorm responseNorm(Tensor batch, int size, double alpha, double beta, double k) {
    int images = batch.shape().axis(0);
    int channels = batch.shape().axis(1);
    int plane = batch.size() / (images * channels);
    ResponseNormalization kernel =
        new ResponseNormalization(images, channels, plane, size, alpha, beta, k);
    return new ResponseNorm() {
      @Override
      public void forward(Tensor x, Tensor y) {
        kernel.forward(x.unwrap(), y.unwrap());
      }

      @Override
      public void gradient(Tensor dout, Tensor x, Tensor y, Tensor dx) {
        kernel.gradient(dout.unwrap(), x.unwrap(), y.unwrap(), dx.unwrap());
      }

      @Override
      public void gradientTerms(Tensor dout, Tensor x, Tensor y, Tensor out) {
        kernel.gradientTerms(dout.unwrap(), x.unwrap(), y.unwrap(), out.unwrap());
      }
    };
  }
}
