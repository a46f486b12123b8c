package org.allclose.internal.kernel.image;

import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * Convolutions of batches of one size with the bits of the reference: the matrix product of the
 * filters (F, C * KH * KW) and the unfolded images (C * KH * KW, n * OH * OW), see {@link
 * Convolution}, in numpy's order. In groups it is such a product for each, of its filters and its
 * channels.
 *
 * <p>An instance has the buffers it needs and belongs to one caller at a time.
 */
public interface ConvolutionKernel {

  /**
   * Returns what computes a convolution.
   *
   * @param windows where the windows lie on an image
   * @param filters the number of output channels
   * @param groups into how many groups channels and filters are divided
   * @param images the number of images in a batch
   * @param epilogue what is done to each element of the output, where a row is a filter; no column
   *     bias
   * @param parallel how many threads may work
   */
  static ConvolutionKernel of(
      Windows windows, int filters, int groups, int images, Epilogue epilogue, Parallel parallel) {
    return groups == 1
        ? of(windows, filters, images, epilogue, parallel)
        : new GroupedConvolution(windows, filters, groups, images, epilogue, parallel);
  }

  /** Returns what computes a convolution of one group. */
  static ConvolutionKernel of(
      Windows windows, int filters, int images, Epilogue epilogue, Parallel parallel) {
    return BlockedConvolution.fits(windows, filters)
        ? new BlockedConvolution(windows, filters, images, epilogue, parallel)
        : new ReferenceConvolution(windows, filters, images, epilogue, parallel);
  }

  /**
   * Computes the output.
   *
   * @param x (n, C, H, W); not modified
   * @param weights (F, C / groups * KH * KW); not modified
   * @param out (n, F, OH, OW); modified: overwritten
   */
  void forward(double[] x, double[] weights, double[] out);

  /**
   * Computes the gradient of the filters.
   *
   * @param x (n, C, H, W); not modified
   * @param dout (n, F, OH, OW); not modified
   * @param dw (F, C / groups * KH * KW); modified: overwritten
   */
  void weightGradient(double[] x, double[] dout, double[] dw);

  /**
   * Computes the gradient of the images.
   *
   * @param dout (n, F, OH, OW); not modified
   * @param weights (F, C / groups * KH * KW); not modified
   * @param dx (n, C, H, W); modified: overwritten
   */
  void inputGradient(double[] dout, double[] weights, double[] dx);
}
