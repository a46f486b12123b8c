package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.DType;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * What convolutions need beside {@link Ops#convolution}, of one dtype, planned once and run for
 * each batch.
 */
public interface ConvolutionOps {

  /**
   * Returns the operations for a dtype.
   *
   * @param threads how many threads may work; no result depends on it
   */
  static ConvolutionOps of(DType dtype, int threads) {
    return switch (dtype) {
      case FLOAT64 -> new Float64ConvolutionOps(Parallel.of(threads));
    };
  }

  /**
   * Plans the same map of images with a margin of their own elements around them.
   *
   * @param map of the padded images
   * @param rows the row of the image that each row of a padded one is; kept
   * @param columns the column of the image that each column of a padded one is; kept
   * @param images (n, C, H, W), as the images are
   */
  LinearMap withMargins(LinearMap map, int[] rows, int[] columns, Shape images);

  /**
   * Plans the gradient of a convolution for its images, as a map of what would be the gradient of
   * its output: a transposed convolution.
   *
   * @param windows those of the convolution, on images of this map's output
   * @param w (channels, filters of a group, ...), one element for each place of a window; kept
   * @param b (filters); kept
   */
  LinearMap transposedConvolution(Windows windows, int batch, Tensor w, Optional<Tensor> b);
}
