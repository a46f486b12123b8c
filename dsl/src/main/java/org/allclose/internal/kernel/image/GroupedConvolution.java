package org.allclose.internal.kernel.image;

import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * A convolution in groups: each takes its part of the channels to its part of the filters, and is
 * computed as a convolution of its own. Threads share the groups.
 *
 * <p>The channels of a group are copied out of the images, and its filters into the output: little
 * beside unfolding them, as a window has many places.
 */
final class GroupedConvolution implements ConvolutionKernel {
  private final int groups;
  private final int images;

  /** Elements of an image of a group, of its output, and of its filters. */
  private final int inputSize;

  private final int outputSize;
  private final int weightSize;

  private final int outputs;
  private final Epilogue epilogue;
  private final Parallel parallel;
  private final Part[] parts;
  private final Parallel.Task forward = this::forwardPart;
  private final Parallel.Task weightGradient = this::weightGradientPart;
  private final Parallel.Task inputGradient = this::inputGradientPart;

  // The arguments of the call under way.
  private double[] first;
  private double[] second;
  private double[] result;

  /** What one thread at a time computes a group with. */
  private final class Part {
    final ConvolutionKernel kernel;
    final double[] x = new double[images * inputSize];
    final double[] out = new double[images * outputSize];
    final double[] weights = new double[weightSize];

    Part(ConvolutionKernel kernel) {
      this.kernel = kernel;
    }
  }

  GroupedConvolution(
      Windows windows, int filters, int groups, int images, Epilogue epilogue, Parallel parallel) {
    this.groups = groups;
    this.images = images;
    this.epilogue = epilogue;
    this.parallel = parallel;
    Windows own = windows.withChannels(windows.channels() / groups);
    int ownFilters = filters / groups;
    outputs = windows.outputs();
    inputSize = own.imageSize();
    outputSize = ownFilters * outputs;
    weightSize = ownFilters * own.channels() * own.places();
    parts = new Part[Math.min(groups, parallel.threads())];
    for (int i = 0; i < parts.length; i++) {
      parts[i] =
          new Part(ConvolutionKernel.of(own, ownFilters, images, Epilogue.NONE, Parallel.serial()));
    }
  }

  @Override
  public void forward(double[] x, double[] weights, double[] out) {
    run(forward, x, weights, out);
  }

  @Override
  public void weightGradient(double[] x, double[] dout, double[] dw) {
    run(weightGradient, x, dout, dw);
  }

  @Override
  public void inputGradient(double[] dout, double[] weights, double[] dx) {
    run(inputGradient, dout, weights, dx);
  }

  private void run(Parallel.Task task, double[] first, double[] second, double[] result) {
    this.first = first;
    this.second = second;
    this.result = result;
    parallel.forRange(parts.length, task);
    this.first = null;
    this.second = null;
    this.result = null;
  }

  private void forwardPart(int index) {
    Part part = parts[index];
    int filters = outputSize / outputs;
    for (int group = cut(index); group < cut(index + 1); group++) {
      take(first, inputSize, group, part.x);
      System.arraycopy(second, group * weightSize, part.weights, 0, weightSize);
      part.kernel.forward(part.x, part.weights, part.out);
      for (int row = 0; row < images * filters; row++) {
        epilogue.applyRow(part.out, row * outputs, group * filters + row % filters, 0, outputs);
      }
      put(part.out, outputSize, group, result);
    }
  }

  /** The arguments are x, dout and dw. */
  private void weightGradientPart(int index) {
    Part part = parts[index];
    for (int group = cut(index); group < cut(index + 1); group++) {
      take(first, inputSize, group, part.x);
      take(second, outputSize, group, part.out);
      part.kernel.weightGradient(part.x, part.out, part.weights);
      System.arraycopy(part.weights, 0, result, group * weightSize, weightSize);
    }
  }

  /** The arguments are dout, weights and dx. */
  private void inputGradientPart(int index) {
    Part part = parts[index];
    for (int group = cut(index); group < cut(index + 1); group++) {
      take(first, outputSize, group, part.out);
      System.arraycopy(second, group * weightSize, part.weights, 0, weightSize);
      part.kernel.inputGradient(part.out, part.weights, part.x);
      put(part.x, inputSize, group, result);
    }
  }

  /** Copies what belongs to a group out of all images. */
  private void take(double[] all, int size, int group, double[] own) {
    for (int image = 0; image < images; image++) {
      System.arraycopy(all, (image * groups + group) * size, own, image * size, size);
    }
  }

  private void put(double[] own, int size, int group, double[] all) {
    for (int image = 0; image < images; image++) {
      System.arraycopy(own, image * size, all, (image * groups + group) * size, size);
    }
  }

  /** Returns the first group of a part. */
  private int cut(int part) {
    return (int) ((long) groups * part / parts.length);
  }
}
