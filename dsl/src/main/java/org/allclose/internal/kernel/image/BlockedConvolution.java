package org.allclose.internal.kernel.image;

import java.util.Arrays;
import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.product.ProductKernel;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * A convolution of batches of one size, computed from parts of the unfolded images that stay in the
 * cache, with the bits of {@link ReferenceConvolution}.
 *
 * <p>Each element of a matrix product has an order of summation of its own, so the products can be
 * cut as long as every element keeps it ({@link ProductKernel} has the rules):
 *
 * <ul>
 *   <li>forward, filters by columns: cut between columns, before multiples of 8, so that the last
 *       {@code n % 4} columns, which are special in an odd last row, stay the last ones;
 *   <li>gradient of the filters, whose terms are the columns: cut where the rule cuts the terms
 *       into blocks, and the blocks' sums added in their order;
 *   <li>gradient of the images: cut between columns, and folded from the last part to the first, as
 *       an element gets its addends in the order of the places in the window, which is the opposite
 *       of the order of the outputs.
 * </ul>
 */
final class BlockedConvolution implements ConvolutionKernel {
  /** Elements of the unfolded images that are worked on at a time. */
  private static final int BLOCK = 48 * 1024;

  /** The least columns that are worth a product. */
  private static final int LEAST_COLUMNS = 96;

  /** The most terms of a block of a product. */
  private static final int TERMS = 256;

  private final Windows w;
  private final int filters;
  private final int images;
  private final int places;
  private final int outputs;
  private final int columns;
  private final int blockColumns;
  private final Parallel parallel;
  private final ConvolutionParts parts;

  /**
   * Whether the sums of the filters' gradient are those of the transpose, for which dout is packed
   * instead of the unfolded images; with an even number of rows, as an odd last row would have
   * another order. What the row more holds does not matter, nor do its sums.
   */
  private final boolean transposed;

  /** Into how many parts the filters' gradient is cut. */
  private final int weightParts;

  /** The products of the filters' gradient for each part, as each has places of its own. */
  private final BlockProducts[] weightBlocks;

  private final Parallel.Task forward = this::forwardPart;
  private final Parallel.Task weightGradient = this::weightGradientPart;
  private final Parallel.Task inputGradient = this::inputGradientPart;

  // The arguments of the call under way.
  private double[] x;
  private double[] weights;
  private double[] out;
  private int tasks;

  BlockedConvolution(
      Windows windows, int filters, int images, Epilogue epilogue, Parallel parallel) {
    w = windows;
    this.filters = filters;
    this.images = images;
    this.parallel = parallel;
    places = w.channels() * w.places();
    outputs = w.outputs();
    columns = Windows.elements("outputs", images, outputs);
    int most = blockColumns(w);
    blockColumns = (int) Math.min(most, 8L * ceil(columns, 8 * parallel.threads()));
    int mostColumns = Math.max(blockColumns + 1, TERMS);
    parts = new ConvolutionParts(w, filters, images, epilogue, parallel.threads(), mostColumns);
    transposed = filters % 2 == 0;
    weightParts = Math.min(parts.count(), Math.max(1, places / 8));
    weightBlocks = new BlockProducts[weightParts];
    Arrays.setAll(weightBlocks, this::weightBlocks);
  }

  /**
   * Returns how many columns are worked on at a time: a multiple of 8, and where an image has more,
   * a part of an image's.
   */
  static int blockColumns(Windows w) {
    int wanted = Math.max(LEAST_COLUMNS, BLOCK / (w.channels() * w.places()));
    int even = w.outputs() > wanted ? ceil(w.outputs(), ceil(w.outputs(), wanted)) : wanted;
    return 8 * ceil(even, 8);
  }

  /**
   * Returns whether such a convolution can be computed in parts. Products of vectors cannot, nor an
   * odd number of places with outputs that are no multiple of 4.
   */
  static boolean fits(Windows windows, int filters) {
    int places = windows.channels() * windows.places();
    int outputs = windows.outputs();
    return filters > 1 && places > 1 && outputs > 1 && (places % 2 == 0 || outputs % 4 == 0);
  }

  @Override
  public void forward(double[] x, double[] weights, double[] out) {
    run(forward, Math.min(parts.count(), blocks(columns)), x, weights, out);
  }

  @Override
  public void weightGradient(double[] x, double[] dout, double[] dw) {
    run(weightGradient, weightParts, x, dout, dw);
  }

  @Override
  public void inputGradient(double[] dout, double[] weights, double[] dx) {
    run(inputGradient, Math.min(parts.count(), images), dout, weights, dx);
  }

  private void run(Parallel.Task task, int tasks, double[] x, double[] weights, double[] out) {
    this.x = x;
    this.weights = weights;
    this.out = out;
    this.tasks = tasks;
    parts.reserve(tasks);
    parallel.forRange(tasks, task);
    this.x = null;
    this.weights = null;
    this.out = null;
  }

  private void forwardPart(int index) {
    UnfoldingBuffer part = parts.buffer(index);
    part.unload();
    int blocks = blocks(columns);
    for (int block = cut(blocks, index, tasks); block < cut(blocks, index + 1, tasks); block++) {
      int from = block * blockColumns;
      int to = block == blocks - 1 ? columns : from + blockColumns;
      int image = from / outputs;
      boolean oneImage = (to - 1) / outputs == image;
      part.unfold(x, 0, places, from, to);
      double[] c = oneImage ? out : part.rows(filters);
      int start = oneImage ? image * filters * outputs + from % outputs : 0;
      int ldc = oneImage ? outputs : parts.ld;
      parts.outputs(to - from, ldc).run(weights, 0, part.unfolded, 0, c, start);
      if (!oneImage) {
        copyRows(from, to, out, c, parts.ld, false);
      }
    }
  }

  /** The arguments are x, dout and dw. */
  private void weightGradientPart(int index) {
    UnfoldingBuffer part = parts.buffer(index);
    part.unload();
    double[] dout = weights;
    int first = firstPlace(index);
    int end = firstPlace(index + 1);
    int rows = end - first;
    int m = weightRows(rows);
    int n = transposed ? filters : rows;
    double[] sum = part.sums(2 * m * n);
    for (int from = 0, to; from < columns; from = to) {
      to = from + MatrixProduct.blockLength(columns - from);
      part.unfold(x, first, end, from, to);
      int image = from / outputs;
      boolean oneImage = (to - 1) / outputs == image;
      double[] d = oneImage ? dout : part.rows(filters);
      int start = oneImage ? image * filters * outputs + from % outputs : 0;
      int ldd = oneImage ? outputs : parts.ld;
      if (!oneImage) {
        copyRows(from, to, dout, d, parts.ld, true);
      }
      MatrixProduct product = weightBlocks[index].get(to - from, ldd);
      int target = from == 0 ? 0 : m * n;
      if (transposed) {
        product.run(part.unfolded, 0, d, start, sum, target);
      } else {
        product.run(d, start, part.unfolded, 0, sum, target);
      }
      if (from > 0) {
        for (int i = 0; i < m * n; i++) {
          sum[i] += sum[m * n + i];
        }
      }
    }
    for (int f = 0; f < filters; f++) {
      for (int k = 0; k < rows; k++) {
        out[f * places + first + k] = sum[transposed ? k * n + f : f * n + k];
      }
    }
  }

  /** Returns the first of the places whose gradient a part computes. */
  private int firstPlace(int part) {
    return part == weightParts ? places : cut(places, part, weightParts) / 8 * 8;
  }

  /** Returns the rows of the product that has the gradient of some places. */
  private int weightRows(int places) {
    return transposed ? places + places % 2 : filters;
  }

  private BlockProducts weightBlocks(int part) {
    int rows = firstPlace(part + 1) - firstPlace(part);
    int m = weightRows(rows);
    int n = transposed ? filters : rows;
    return new BlockProducts(
        (length, stride) ->
            ConvolutionParts.product(m, n, length)
                .transposeB()
                .rowStrides(transposed ? parts.ld : stride, transposed ? stride : parts.ld, n)
                .build());
  }

  /** The arguments are dout, weights and dx. */
  private void inputGradientPart(int index) {
    UnfoldingBuffer part = parts.buffer(index);
    for (int image = cut(images, index, tasks); image < cut(images, index + 1, tasks); image++) {
      part.beginImage(out, image);
      for (int block = blocks(outputs) - 1; block >= 0; block--) {
        int from = block * blockColumns;
        int to = block == blocks(outputs) - 1 ? outputs : from + blockColumns;
        double[] d = part.rows(filters);
        int start = image * outputs;
        copyRows(start + from, start + to, x, d, parts.ld, true);
        parts.inputs(to - from, parts.ld).run(weights, 0, d, 0, part.unfolded, 0);
        part.fold(out, image, from, to);
      }
      part.endImage(out, image);
    }
  }

  /**
   * Copies some columns of (n, filters, outputs), as rows of filters, to a buffer, or from there.
   */
  private void copyRows(
      int from, int to, double[] images, double[] buffer, int ld, boolean toBuffer) {
    for (int p = from, next; p < to; p = next) {
      int image = p / outputs;
      next = Math.min(to, (image + 1) * outputs);
      for (int f = 0; f < filters; f++) {
        int place = (image * filters + f) * outputs + p % outputs;
        if (toBuffer) {
          System.arraycopy(images, place, buffer, f * ld + p - from, next - p);
        } else {
          System.arraycopy(buffer, f * ld + p - from, images, place, next - p);
        }
      }
    }
  }

  /** Into how many blocks columns are cut; none has one column alone, if there are more. */
  private int blocks(int count) {
    return Math.max(1, ceil(count - 1, blockColumns));
  }

  /** Returns where a part of {@code count} things begins. */
  private static int cut(int count, int index, int tasks) {
    return (int) ((long) count * index / tasks);
  }

  private static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }
}
