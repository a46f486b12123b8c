package org.allclose.internal.kernel.image;

import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * What the parts of a convolution are computed with, whichever way it is cut: a buffer for each
 * part, and the products of blocks of columns. What the filters' gradient needs differs.
 */
final class ConvolutionParts {
  /** Rows of the unfolded images: the elements of a window. */
  final int places;

  /** Elements from a row of a buffer to the next. */
  final int ld;

  private final Windows windows;
  private final int images;
  private final int columns;
  private final UnfoldingBuffer[] buffers;
  private final BlockProducts outputs;
  private final BlockProducts inputs;

  /**
   * @param epilogue what is done to each element of the output
   * @param count how many parts there can be
   * @param columns how many columns a block can have
   */
  ConvolutionParts(
      Windows windows, int filters, int images, Epilogue epilogue, int count, int columns) {
    this.windows = windows;
    this.images = images;
    this.columns = columns;
    UnfoldingBuffer.requireRoom(windows, images, columns);
    buffers = new UnfoldingBuffer[count];
    places = windows.channels() * windows.places();
    ld = UnfoldingBuffer.oddLines(columns);
    outputs =
        new BlockProducts(
            (length, stride) ->
                product(filters, length, places)
                    .rowStrides(places, ld, stride)
                    .epilogue(epilogue)
                    .build());
    inputs =
        new BlockProducts(
            (length, stride) ->
                product(places, length, filters)
                    .transposeA()
                    .rowStrides(places, stride, ld)
                    .build());
  }

  /** Begins the plan of a product on one thread, as others are for other parts. */
  static MatrixProduct.Builder product(int m, int n, int k) {
    return MatrixProduct.builder(m, n, k).parallel(Parallel.serial());
  }

  /** Returns how many parts there can be. */
  int count() {
    return buffers.length;
  }

  /** Makes buffers for that many parts. */
  void reserve(int count) {
    for (int i = 0; i < count; i++) {
      if (buffers[i] == null) {
        buffers[i] = new UnfoldingBuffer(windows, images, columns);
      }
    }
  }

  /** Returns the buffer of a part, which belongs to whoever computes that. */
  UnfoldingBuffer buffer(int part) {
    return buffers[part];
  }

  /**
   * Returns the product of the filters and a block of a buffer.
   *
   * @param length columns of the block
   * @param stride elements from a row of the output to the next
   */
  MatrixProduct outputs(int length, int stride) {
    return outputs.get(length, stride);
  }

  /**
   * Returns the product of the filters, transposed, and a block of the output's gradient, to a
   * buffer.
   *
   * @param length columns of the block
   * @param stride elements from a row of the output's gradient to the next
   */
  MatrixProduct inputs(int length, int stride) {
    return inputs.get(length, stride);
  }
}
