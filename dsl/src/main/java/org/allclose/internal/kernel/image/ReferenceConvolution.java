package org.allclose.internal.kernel.image;

import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.runtime.Parallel;

/** Unfolds the whole batch and multiplies, as the reference does. */
final class ReferenceConvolution implements ConvolutionKernel {
  private final Windows windows;
  private final int filters;
  private final int images;
  private final int places;
  private final int columns;
  private final Parallel parallel;
  private double[] unfolded = {};
  private double[] rows = {};

  ReferenceConvolution(Windows windows, int filters, int images, Parallel parallel) {
    this.windows = windows;
    this.filters = filters;
    this.images = images;
    this.parallel = parallel;
    places = windows.channels() * windows.places();
    columns = Windows.elements("outputs", images, windows.outputs());
    Windows.elements("unfolded images", places, columns);
    Windows.elements("outputs", filters, columns);
  }

  @Override
  public void forward(double[] x, double[] weights, Epilogue epilogue, double[] out) {
    reserve();
    Convolution.unfold(windows, x, images, unfolded, parallel);
    MatrixProduct.multiply(
        false, false, filters, columns, places, weights, 0, places, unfolded, 0, columns, rows, 0,
        columns, epilogue, parallel);
    Convolution.swapAxes(rows, filters, images, windows.outputs(), out, parallel);
  }

  @Override
  public void weightGradient(double[] x, double[] dout, double[] dw) {
    reserve();
    Convolution.unfold(windows, x, images, unfolded, parallel);
    Convolution.swapAxes(dout, images, filters, windows.outputs(), rows, parallel);
    MatrixProduct.multiply(
        false,
        true,
        filters,
        places,
        columns,
        rows,
        0,
        columns,
        unfolded,
        0,
        columns,
        dw,
        0,
        places,
        Epilogue.NONE,
        parallel);
  }

  @Override
  public void inputGradient(double[] dout, double[] weights, double[] dx) {
    reserve();
    Convolution.swapAxes(dout, images, filters, windows.outputs(), rows, parallel);
    MatrixProduct.multiply(
        true,
        false,
        places,
        columns,
        filters,
        weights,
        0,
        places,
        rows,
        0,
        columns,
        unfolded,
        0,
        columns,
        Epilogue.NONE,
        parallel);
    Convolution.fold(windows, unfolded, images, dx, parallel);
  }

  private void reserve() {
    if (unfolded.length == 0) {
      unfolded = new double[places * columns];
      rows = new double[filters * columns];
    }
  }
}
