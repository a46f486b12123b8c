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
  private final MatrixProduct forward;
  private final MatrixProduct weightGradient;
  private final MatrixProduct inputGradient;
  private double[] unfolded = {};
  private double[] rows = {};

  ReferenceConvolution(
      Windows windows, int filters, int images, Epilogue epilogue, Parallel parallel) {
    this.windows = windows;
    this.filters = filters;
    this.images = images;
    this.parallel = parallel;
    places = windows.channels() * windows.places();
    columns = Windows.elements("outputs", images, windows.outputs());
    Windows.elements("unfolded images", places, columns);
    Windows.elements("outputs", filters, columns);
    forward =
        MatrixProduct.builder(filters, columns, places)
            .epilogue(epilogue)
            .parallel(parallel)
            .build();
    weightGradient =
        MatrixProduct.builder(filters, places, columns).transposeB().parallel(parallel).build();
    inputGradient =
        MatrixProduct.builder(places, columns, filters).transposeA().parallel(parallel).build();
  }

  @Override
  public void forward(double[] x, double[] weights, double[] out) {
    reserve();
    Convolution.unfold(windows, x, images, unfolded, parallel);
    forward.run(weights, unfolded, rows);
    Convolution.swapAxes(rows, filters, images, windows.outputs(), out, parallel);
  }

  @Override
  public void weightGradient(double[] x, double[] dout, double[] dw) {
    reserve();
    Convolution.unfold(windows, x, images, unfolded, parallel);
    Convolution.swapAxes(dout, images, filters, windows.outputs(), rows, parallel);
    weightGradient.run(rows, unfolded, dw);
  }

  @Override
  public void inputGradient(double[] dout, double[] weights, double[] dx) {
    reserve();
    Convolution.swapAxes(dout, images, filters, windows.outputs(), rows, parallel);
    inputGradient.run(weights, rows, unfolded);
    Convolution.fold(windows, unfolded, images, dx, parallel);
  }

  private void reserve() {
    if (unfolded.length == 0) {
      unfolded = new double[places * columns];
      rows = new double[filters * columns];
    }
  }
}
