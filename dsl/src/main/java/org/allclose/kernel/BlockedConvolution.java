package org.allclose.kernel;

import java.util.Arrays;

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

  private static final ImageFunctions LOOPS = ImageFunctions.CHOSEN;

  private final Windows w;
  private final int filters;
  private final int images;
  private final int places;
  private final int outputs;
  private final int columns;
  private final int blockColumns;
  private final int rowLength;
  private final int imageLength;
  private final Parallel parallel;
  private final Part[] parts;
  private final Parallel.Task forward = this::forwardPart;
  private final Parallel.Task weightGradient = this::weightGradientPart;
  private final Parallel.Task inputGradient = this::inputGradientPart;

  // The arguments of the call under way.
  private Epilogue epilogue = Epilogue.NONE;
  private double[] x;
  private double[] weights;
  private double[] out;
  private int tasks;

  BlockedConvolution(Windows windows, int filters, int images, Parallel parallel) {
    w = windows;
    this.filters = filters;
    this.images = images;
    this.parallel = parallel;
    places = w.channels() * w.places();
    outputs = w.outputs();
    columns = Math.multiplyExact(images, outputs);
    rowLength = w.width() + 2 * w.paddingWidth();
    imageLength = w.channels() * (w.height() + 2 * w.paddingHeight()) * rowLength;
    int wanted = Math.max(LEAST_COLUMNS, BLOCK / places);
    int even = outputs > wanted ? ceil(outputs, ceil(outputs, wanted)) : wanted;
    blockColumns = 8 * ceil(Math.min(even, ceil(columns, parallel.threads())), 8);
    parts = new Part[parallel.threads()];
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
  public void forward(double[] x, double[] weights, Epilogue epilogue, double[] out) {
    this.epilogue = epilogue;
    run(forward, Math.min(parts.length, blocks(columns)), x, weights, out);
  }

  @Override
  public void weightGradient(double[] x, double[] dout, double[] dw) {
    run(weightGradient, Math.min(parts.length, Math.max(1, places / 8)), x, dout, dw);
  }

  @Override
  public void inputGradient(double[] dout, double[] weights, double[] dx) {
    run(inputGradient, Math.min(parts.length, images), dout, weights, dx);
  }

  private void run(Parallel.Task task, int tasks, double[] x, double[] weights, double[] out) {
    this.x = x;
    this.weights = weights;
    this.out = out;
    this.tasks = tasks;
    for (int i = 0; i < tasks; i++) {
      if (parts[i] == null) {
        parts[i] = new Part();
      }
    }
    parallel.forRange(tasks, task);
    this.x = null;
    this.weights = null;
    this.out = null;
    epilogue = Epilogue.NONE;
  }

  private void forwardPart(int index) {
    Part part = parts[index];
    part.unload();
    int blocks = blocks(columns);
    for (int block = cut(blocks, index); block < cut(blocks, index + 1); block++) {
      int from = block * blockColumns;
      int to = block == blocks - 1 ? columns : from + blockColumns;
      int image = from / outputs;
      boolean oneImage = (to - 1) / outputs == image;
      part.unfold(x, 0, places, from, to);
      double[] c = oneImage ? out : part.rows(filters);
      int start = oneImage ? image * filters * outputs + from % outputs : 0;
      int ldc = oneImage ? outputs : part.ld;
      MatrixProduct.multiply(
          false,
          false,
          filters,
          to - from,
          places,
          weights,
          0,
          places,
          part.unfolded,
          0,
          part.ld,
          c,
          start,
          ldc,
          epilogue,
          Parallel.serial());
      if (!oneImage) {
        copyRows(from, to, out, c, part.ld, false);
      }
    }
  }

  /** The arguments are x, dout and dw. */
  private void weightGradientPart(int index) {
    Part part = parts[index];
    part.unload();
    double[] dout = weights;
    int first = index == 0 ? 0 : cut(places, index) / 8 * 8;
    int end = index == tasks - 1 ? places : cut(places, index + 1) / 8 * 8;
    // The sums are those of the transpose, for which dout is packed instead of the unfolded images;
    // with an even number of rows, as an odd last row would have another order.
    boolean transposed = filters % 2 == 0;
    int rows = end - first;
    int m = transposed ? rows + rows % 2 : filters;
    int n = transposed ? filters : rows;
    double[] sum = part.sums(2 * m * n);
    for (int from = 0, to; from < columns; from = to) {
      to = from + Product.generalBlockLength(columns - from);
      part.unfold(x, first, end, from, to);
      Arrays.fill(part.unfolded, rows * part.ld, (rows + 1) * part.ld, 0.0);
      int image = from / outputs;
      boolean oneImage = (to - 1) / outputs == image;
      double[] d = oneImage ? dout : part.rows(filters);
      int start = oneImage ? image * filters * outputs + from % outputs : 0;
      int ldd = oneImage ? outputs : part.ld;
      if (!oneImage) {
        copyRows(from, to, dout, d, part.ld, true);
      }
      MatrixProduct.multiply(
          false,
          true,
          m,
          n,
          to - from,
          transposed ? part.unfolded : d,
          transposed ? 0 : start,
          transposed ? part.ld : ldd,
          transposed ? d : part.unfolded,
          transposed ? start : 0,
          transposed ? ldd : part.ld,
          sum,
          from == 0 ? 0 : m * n,
          n,
          Epilogue.NONE,
          Parallel.serial());
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

  /** The arguments are dout, weights and dx. */
  private void inputGradientPart(int index) {
    Part part = parts[index];
    for (int image = cut(images, index); image < cut(images, index + 1); image++) {
      double[] dx = part.beginImage(out, image);
      for (int block = blocks(outputs) - 1; block >= 0; block--) {
        int from = block * blockColumns;
        int to = block == blocks(outputs) - 1 ? outputs : from + blockColumns;
        double[] d = part.rows(filters);
        int start = image * outputs;
        copyRows(start + from, start + to, x, d, part.ld, true);
        MatrixProduct.multiply(
            true,
            false,
            places,
            to - from,
            filters,
            weights,
            0,
            places,
            d,
            0,
            part.ld,
            part.unfolded,
            0,
            part.ld,
            Epilogue.NONE,
            Parallel.serial());
        part.fold(dx, image, from, to);
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

  private int cut(int count, int index) {
    return (int) ((long) count * index / tasks);
  }

  private static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }

  /** The buffers of one thread at a time. */
  private final class Part {
    /** Elements from a row of a buffer to the next: an odd number of cache lines. */
    final int ld = 8 * (ceil(Math.max(blockColumns + 1, TERMS), 8) | 1);

    final double[] unfolded = new double[(places + 1) * ld];
    private final boolean pads = w.paddingHeight() > 0 || w.paddingWidth() > 0;
    private final Runs runs = new Runs(ld);
    private double[] padded = {};
    private double[] rows = {};
    private double[] sums = {};
    private int firstLoaded;
    private int endLoaded;

    double[] rows(int count) {
      if (rows.length < count * ld) {
        rows = new double[count * ld];
      }
      return rows;
    }

    double[] sums(int count) {
      if (sums.length < count) {
        sums = new double[count];
      }
      return sums;
    }

    /** Forgets which images are padded. */
    void unload() {
      firstLoaded = 0;
      endLoaded = 0;
    }

    /** Unfolds some places of some columns. */
    void unfold(double[] x, int firstPlace, int endPlace, int from, int to) {
      int first = from / outputs;
      double[] source = x;
      if (pads) {
        load(x, first, (to - 1) / outputs + 1);
        source = padded;
      }
      runs.set(w, rowLength, imageLength, pads ? firstLoaded : 0, from, to);
      for (int k = firstPlace; k < endPlace; k++) {
        LOOPS.copyRuns(runs, source, offset(k), w.strideWidth(), unfolded, (k - firstPlace) * ld);
      }
    }

    /** Adds the unfolded columns to the image that they are of. */
    void fold(double[] dx, int image, int from, int to) {
      int start = image * outputs;
      runs.set(w, rowLength, imageLength, pads ? image : 0, start + from, start + to);
      for (int k = 0; k < places; k++) {
        LOOPS.addRuns(runs, unfolded, k * ld, dx, offset(k), w.strideWidth());
      }
    }

    /** Returns where the gradient of an image is added up: 0 everywhere. */
    double[] beginImage(double[] dx, int image) {
      if (!pads) {
        Arrays.fill(dx, image * imageLength, (image + 1) * imageLength, 0.0);
        return dx;
      }
      reserve(1);
      Arrays.fill(padded, 0, imageLength, 0.0);
      return padded;
    }

    /** Takes the gradient out of its padding. */
    void endImage(double[] dx, int image) {
      if (pads) {
        copyInside(padded, 0, dx, image, false);
        // The margin is to be 0 when images are loaded.
        Arrays.fill(padded, 0, imageLength, 0.0);
      }
    }

    private void load(double[] x, int first, int end) {
      if (first >= firstLoaded && end <= endLoaded) {
        return;
      }
      reserve(end - first);
      for (int image = first; image < end; image++) {
        copyInside(padded, (image - first) * imageLength, x, image, true);
      }
      firstLoaded = first;
      endLoaded = end;
    }

    private void reserve(int count) {
      if (padded.length < count * imageLength) {
        padded = new double[Math.min(images, ceil(ld, outputs) + 1) * imageLength];
      }
    }

    private void copyInside(double[] padded, int slot, double[] x, int image, boolean in) {
      int height = w.height() + 2 * w.paddingHeight();
      for (int c = 0; c < w.channels(); c++) {
        for (int y = 0; y < w.height(); y++) {
          int plain = ((image * w.channels() + c) * w.height() + y) * w.width();
          int inside = slot + (c * height + y + w.paddingHeight()) * rowLength + w.paddingWidth();
          if (in) {
            System.arraycopy(x, plain, padded, inside, w.width());
          } else {
            System.arraycopy(padded, inside, x, plain, w.width());
          }
        }
      }
    }

    /** Where a place of the window (c, i, j) is on a padded image. */
    private int offset(int place) {
      int c = place / w.places();
      int i = place % w.places() / w.kernelWidth();
      int j = place % w.kernelWidth();
      return (c * (w.height() + 2 * w.paddingHeight()) + i) * rowLength + j;
    }
  }
}
