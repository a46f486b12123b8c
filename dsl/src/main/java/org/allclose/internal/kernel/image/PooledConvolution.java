package org.allclose.internal.kernel.image;

import java.util.Arrays;
import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * A convolution with bias and ReLU and a pool of the largest of two by two after it, image by
 * image, so that the convolution's outputs and their gradients never leave the cache. The bits are
 * those of one after another.
 *
 * <p>What is kept for the backward pass are the pool's values, which tell whether ReLU let them
 * through, and where they came from. Products are cut as in {@link BlockedConvolution}. Belongs to
 * one caller at a time.
 */
public final class PooledConvolution {
  /** The terms of each block of a product whose terms are a multiple of it. */
  private static final int TERMS = 256;

  private static final ImageKernel LOOPS = ImageKernel.CHOSEN;

  private final Windows w;
  private final int filters;
  private final int images;
  private final int places;
  private final int outputs;
  private final int pooledSize;
  private final int blockColumns;
  private final int tasks;
  private final Parallel parallel;
  private final ConvolutionParts parts;
  private final double[][] planes;

  /** Elements from a plane of {@link #planes} to the next. */
  private final int ld;

  /** The product of the filters' gradient for each part, as each has places of its own. */
  private final MatrixProduct[] weightProducts;

  private final double[] from;
  private final Parallel.Task forward = this::forwardPart;
  private final Parallel.Task weightGradient = this::weightGradientPart;
  private final Parallel.Task inputGradient = this::inputGradientPart;

  // The arguments of the call under way, and the latest output.
  private double[] x;
  private double[] weights;
  private double[] pooled;
  private double[] dpooled;
  private double[] result;
  private double[] biasGradient;

  /**
   * @param windows where the windows of the convolution lie on an image
   * @param filters the number of output channels
   * @param images the number of images in a batch
   * @param epilogue bias by rows, and ReLU
   * @param parallel how many threads may work
   */
  public PooledConvolution(
      Windows windows, int filters, int images, Epilogue epilogue, Parallel parallel) {
    w = windows;
    this.filters = filters;
    this.images = images;
    this.parallel = parallel;
    places = w.channels() * w.places();
    outputs = w.outputs();
    pooledSize = outputs / 4;
    blockColumns = BlockedConvolution.blockColumns(w);
    tasks = Math.min(parallel.threads(), images);
    int mostColumns = Math.max(blockColumns, TERMS);
    parts = new ConvolutionParts(w, filters, images, epilogue, tasks, mostColumns);
    planes = new double[tasks][];
    ld = UnfoldingBuffer.oddLines(outputs);
    from = new double[images * filters * pooledSize];
    Windows.elements("outputs of an image", filters, ld);
    weightProducts = new MatrixProduct[tasks];
    for (int i = 0; i < tasks; i++) {
      weightProducts[i] =
          ConvolutionParts.product(weightRows(i), filters, TERMS)
              .transposeB()
              .rowStrides(parts.ld, ld, filters)
              .build();
    }
  }

  /**
   * Returns whether such a convolution and pool can be computed together: the pool must take two by
   * two elements side by side without rest, an image must have a whole number of blocks of terms,
   * the filters must be even in number, and each thread must get an image.
   *
   * @param windows of the convolution
   * @param pool the windows of the pool
   */
  public static boolean fits(
      Windows windows, int filters, Windows pool, int images, Parallel parallel) {
    return Pooling.isOfSquares(pool)
        && pool.height() % 2 == 0
        && pool.width() % 2 == 0
        && filters % 2 == 0
        && windows.outputs() % TERMS == 0
        && images >= parallel.threads()
        && BlockedConvolution.fits(windows, filters);
  }

  /**
   * Computes the pool's output.
   *
   * @param x (n, C, H, W); not modified
   * @param weights (filters, C * KH * KW); not modified
   * @param pooled (n, filters, OH / 2, OW / 2); modified: overwritten
   */
  public void forward(double[] x, double[] weights, double[] pooled) {
    this.x = x;
    this.weights = weights;
    this.pooled = pooled;
    run(forward);
  }

  /**
   * Computes the gradients of filters and bias for the latest {@link #forward}.
   *
   * @param x (n, C, H, W); not modified
   * @param dpooled the gradient of the pool's output; not modified
   * @param dw (filters, C * KH * KW); modified: overwritten
   * @param db (filters) or, without bias, empty; modified: overwritten
   */
  public void weightGradient(double[] x, double[] dpooled, double[] dw, double[] db) {
    this.x = x;
    this.dpooled = dpooled;
    result = dw;
    biasGradient = db;
    run(weightGradient);
  }

  /**
   * Computes the gradient of the images for the latest {@link #forward}.
   *
   * @param dpooled the gradient of the pool's output; not modified
   * @param weights (filters, C * KH * KW); not modified
   * @param dx (n, C, H, W); modified: overwritten
   */
  public void inputGradient(double[] dpooled, double[] weights, double[] dx) {
    this.dpooled = dpooled;
    this.weights = weights;
    result = dx;
    run(inputGradient);
  }

  private void run(Parallel.Task task) {
    parts.reserve(tasks);
    for (int i = 0; i < tasks; i++) {
      if (planes[i] == null) {
        planes[i] = new double[filters * ld];
      }
    }
    parallel.forRange(tasks, task);
    x = null;
    dpooled = null;
    result = null;
  }

  private void forwardPart(int index) {
    UnfoldingBuffer part = parts.buffer(index);
    double[] activation = planes[index];
    part.unload();
    for (int image = cut(images, index); image < cut(images, index + 1); image++) {
      for (int first = 0; first < outputs; first += blockColumns) {
        int end = Math.min(outputs, first + blockColumns);
        part.unfold(x, 0, places, image * outputs + first, image * outputs + end);
        parts.outputs(end - first, ld).run(weights, 0, part.unfolded, 0, activation, first);
      }
      pool(image, activation);
    }
  }

  private void pool(int image, double[] activation) {
    int width = w.outputWidth();
    int target = image * filters * pooledSize;
    for (int f = 0; f < filters; f++) {
      for (int row = f * ld; row < f * ld + outputs; row += 2 * width) {
        LOOPS.maxOfSquares(activation, row, row + width, pooled, from, target, width / 2);
        target += width / 2;
      }
    }
  }

  /** Computes the gradient of the convolution's outputs for an image. */
  private void unpool(int image, double[] gradient) {
    int width = w.outputWidth();
    int source = image * filters * pooledSize;
    for (int f = 0; f < filters; f++) {
      for (int row = f * ld; row < f * ld + outputs; row += 2 * width) {
        LOOPS.reluSquaresGradient(dpooled, pooled, from, source, gradient, row, width / 2);
        source += width / 2;
      }
    }
  }

  /** Computes the gradient of some places of all filters, and of the bias of some filters. */
  private void weightGradientPart(int index) {
    UnfoldingBuffer part = parts.buffer(index);
    double[] gradient = planes[index];
    part.unload();
    int first = cut(places, index);
    int end = cut(places, index + 1);
    int rows = end - first;
    int size = weightRows(index) * filters;
    double[] sum = part.sums(2 * size);
    int firstBias = cut(biasGradient.length, index);
    int endBias = cut(biasGradient.length, index + 1);
    Arrays.fill(biasGradient, firstBias, endBias, 0.0);
    for (int image = 0; image < images; image++) {
      unpool(image, gradient);
      for (int f = firstBias; f < endBias; f++) {
        biasGradient[f] += Sums.pairwise(gradient, f * ld, outputs);
      }
      for (int block = 0; block < outputs; block += TERMS) {
        int start = image * outputs + block;
        part.unfold(x, first, end, start, start + TERMS);
        weightProducts[index].run(part.unfolded, 0, gradient, block, sum, start == 0 ? 0 : size);
        for (int i = 0; start > 0 && i < size; i++) {
          sum[i] += sum[size + i];
        }
      }
    }
    for (int f = 0; f < filters; f++) {
      for (int k = 0; k < rows; k++) {
        result[f * places + first + k] = sum[k * filters + f];
      }
    }
  }

  /**
   * Returns the rows of the product that has the gradient of a part's places. The sums are those of
   * the transpose, with an even number of rows: see {@link BlockedConvolution}.
   */
  private int weightRows(int part) {
    int rows = cut(places, part + 1) - cut(places, part);
    return rows + rows % 2;
  }

  private void inputGradientPart(int index) {
    UnfoldingBuffer part = parts.buffer(index);
    double[] gradient = planes[index];
    int blocks = (outputs + blockColumns - 1) / blockColumns;
    for (int image = cut(images, index); image < cut(images, index + 1); image++) {
      unpool(image, gradient);
      part.beginImage(result, image);
      for (int block = blocks - 1; block >= 0; block--) {
        int first = block * blockColumns;
        int end = Math.min(outputs, first + blockColumns);
        parts.inputs(end - first, ld).run(weights, 0, gradient, first, part.unfolded, 0);
        part.fold(result, image, first, end);
      }
      part.endImage(result, image);
    }
  }

  private int cut(int count, int index) {
    return (int) ((long) count * index / tasks);
  }
}
