package org.allclose.internal.ops;

import org.allclose.tensor.DType;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Tensor;

/**
 * Operations on images of one dtype that move pixels or weigh them, with numpy's bits.
 *
 * <p>An argument is modified only where its name is that of a result: {@code y}, {@code dx}, {@code
 * out}; results may not overlap arguments. Shapes are the caller's business.
 */
public interface PixelOps {

  /** Returns the operations for a dtype. */
  static PixelOps of(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Float64PixelOps.INSTANCE;
    };
  }

  /** Computes {@code x.reshape(out.size, -1).mean(axis=1)}. */
  void means(Tensor x, Tensor out);

  /** Computes the gradient of {@link #means}: an equal part for each element. */
  void meansGradient(Tensor dout, Tensor dx);

  /** Makes a block of pixels of (n, C * factor * factor, H, W) channels, (n, C, H, W) blocks. */
  void shuffle(Tensor x, int factor, Tensor y);

  /** Undoes {@link #shuffle}. */
  void unshuffle(Tensor x, int factor, Tensor y);

  /** Plans images (n, C, from) of another size, whose pixels are copies of the nearest. */
  Resizing nearest(Extent2d from, Extent2d to);

  /** Plans images (n, C, from) of another size by bilinear interpolation. */
  Resizing bilinear(Extent2d from, Extent2d to, boolean alignCorners);

  /** Plans images (n, C, from) of another size by bicubic interpolation. */
  Resizing bicubic(Extent2d from, Extent2d to, boolean alignCorners);

  /** Planned images of another size. */
  interface Resizing {

    /** Makes images larger or smaller. */
    void forward(Tensor x, Tensor y);

    /** Computes the gradient of {@link #forward}. */
    void gradient(Tensor dy, Tensor dx);

    /** Returns the same with the magnitudes of the weights. */
    Resizing magnitudes();
  }

  /**
   * Plans local response normalization of batches (n, C, ...) of a shape.
   *
   * @param size channels of a window
   */
  ResponseNorm responseNorm(Tensor batch, int size, double alpha, double beta, double k);

  /** A planned local response normalization. Belongs to one caller at a time. */
  interface ResponseNorm {

    /** Normalizes a batch. */
    void forward(Tensor x, Tensor y);

    /** Computes the gradient of the latest {@link #forward}, which was given x and computed y. */
    void gradient(Tensor dout, Tensor x, Tensor y, Tensor dx);

    /** Computes the sum of the magnitudes of what {@link #gradient} adds up. */
    void gradientTerms(Tensor dout, Tensor x, Tensor y, Tensor out);
  }
}
