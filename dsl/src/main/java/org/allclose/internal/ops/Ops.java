package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.kernel.reduce.Maxima;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.DType;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Operations on tensors of one dtype, with numpy's bits.
 *
 * <p>An argument is modified only where its name is that of a result: {@code y}, {@code out},
 * {@code dx}, or where it is said; results may not overlap arguments unless it is said. Shapes are
 * the caller's business: elements are taken in C order.
 */
public interface Ops {

  /**
   * Returns the operations for a dtype.
   *
   * @param threads how many threads may work on an operation that was planned; no result depends on
   *     it
   */
  static Ops of(DType dtype, int threads) {
    return switch (dtype) {
      case FLOAT64 -> new Float64Ops(Parallel.of(threads));
    };
  }

  /** Returns the operations for a dtype on the caller's thread. */
  static Ops of(DType dtype) {
    return of(dtype, 1);
  }

  // Planned once, run for each batch.

  /**
   * Plans {@code y = x.reshape(n, -1).dot(w) + b} and its gradients.
   *
   * @param w (features, units); kept
   * @param b (units); kept
   * @param relu whether ReLU follows
   */
  LinearMap affine(int batch, Tensor w, Optional<Tensor> b, boolean relu);

  /**
   * Plans the cross-correlation of images and its gradients.
   *
   * @param w (filters, channels of a group, ...), one element for each place of a window; kept
   * @param b (filters); kept
   * @param relu whether ReLU follows
   */
  LinearMap convolution(Windows windows, int batch, Tensor w, Optional<Tensor> b, boolean relu);

  /** Returns whether {@link #pooledConvolution} can be planned. */
  boolean fitsPooledConvolution(Windows windows, int filters, Windows pool, int batch);

  /**
   * Plans a convolution, ReLU, and the largest of two by two after it; the gradient that is given
   * is that of the pool's output.
   */
  LinearMap pooledConvolution(Windows windows, int batch, Tensor w, Optional<Tensor> b);

  /** Plans pools. */
  Pool pool(Windows windows, int batch);

  /**
   * Plans {@link #reluGradient} for batches of one size, whose samples threads share.
   *
   * @param batch the number of samples
   */
  Masking masking(int batch);

  /** A planned gradient of ReLU. Belongs to one caller at a time. */
  interface Masking {

    /** Computes {@code dx = dout * (y > 0)}. */
    void apply(Tensor dout, Tensor y, Tensor dx);
  }

  // Element by element.

  void add(Tensor a, Tensor b, Tensor out);

  void subtract(Tensor a, Tensor b, Tensor out);

  void multiply(Tensor a, Tensor b, Tensor out);

  /** Computes {@code out = -x}. */
  void negate(Tensor x, Tensor out);

  /** Computes {@code out = x * factor}; they may be the same. */
  void scale(Tensor x, double factor, Tensor out);

  /** Computes {@code y += factor * x}. */
  void addScaled(Tensor y, double factor, Tensor x);

  void relu(Tensor x, Tensor y);

  void reluGradient(Tensor dout, Tensor y, Tensor dx);

  void leakyRelu(Tensor x, double alpha, Tensor y);

  void leakyReluGradient(Tensor dout, Tensor x, double alpha, Tensor dx);

  void sigmoid(Tensor x, Tensor y);

  void sigmoidGradient(Tensor dout, Tensor y, Tensor dx);

  void tanh(Tensor x, Tensor y);

  void tanhGradient(Tensor dout, Tensor y, Tensor dx);

  void gelu(Tensor x, Tensor y);

  void geluGradient(Tensor dout, Tensor x, Tensor dx);

  /**
   * Computes the approximate GELU.
   *
   * @param tangent modified: overwritten with what {@link #geluTanhGradient} needs
   */
  void geluTanh(Tensor x, Tensor tangent, Tensor y);

  void geluTanhGradient(Tensor dout, Tensor x, Tensor tangent, Tensor dx);

  /**
   * Returns the bound of the last addend's size in the approximate GELU's gradient, for its terms.
   */
  static double geluTanhSlope(double x) {
    return Activations.geluTanhSlope(x);
  }

  // Blocks of elements that are side by side.

  /**
   * Copies the blocks of x, one after another, to each row of out.
   *
   * @param block elements of a block of x
   * @param start where blocks begin in a row
   * @param row elements of a row of out
   */
  void putBlocks(Tensor x, int block, Tensor out, int start, int row);

  /** Makes a block of copies of each pixel of images (n, C, H, W). */
  void upsample(Tensor x, Extent2d factor, Tensor y);

  /** Adds the blocks of images (n, C, H * factor, W * factor), row after row, to 0. */
  void upsampleGradient(Tensor dy, Extent2d factor, Tensor dx);

  // Row by row.

  /**
   * Returns the index, from 0, of the first of the largest of n elements; NaN is larger than any
   * number.
   */
  static int argMax(double[] x, int offset, int n) {
    return Maxima.argMax(x, offset, n);
  }

  /** Returns the largest of n elements, NaN if there is one. */
  static double maximum(double[] x, int offset, int n) {
    return Maxima.of(x, offset, n);
  }

  /** Computes the probabilities of rows (n, classes) of scores. */
  void softmax(Tensor x, Tensor y);

  /**
   * Computes the gradient of {@link #softmax}.
   *
   * @param products of the shape of y; modified: overwritten with what is summed
   */
  void softmaxGradient(Tensor dout, Tensor y, Tensor products, Tensor dx);

  // Sums, in numpy's order for each arrangement of groups.

  /** Returns {@code np.sum(x)}. */
  double sum(Tensor x);

  /** Returns {@code np.sum(x * x)}. */
  double sumOfSquares(Tensor x);

  /** Computes {@code x.reshape(outer, groups).sum(axis=0)}. */
  void sumOverRows(Tensor x, Groups columns, Tensor out);

  /** Computes {@code x.reshape(groups, inner).sum(axis=1)}. */
  void sumOfRows(Tensor x, Groups rows, Tensor out);

  /** Computes {@code x.reshape(outer, groups, inner).sum(axis=(0, 2))}. */
  void sumOfChannels(Tensor x, Groups channels, Tensor out);

  /** Computes mean and biased variance as {@link #sumOverRows} sums. */
  void momentsOverRows(Tensor x, Groups columns, Tensor mean, Tensor variance);

  /** Computes mean and biased variance as {@link #sumOfRows} sums. */
  void momentsOfRows(Tensor x, Groups rows, Tensor mean, Tensor variance);

  /** Computes mean and biased variance as {@link #sumOfChannels} sums. */
  void momentsOfChannels(Tensor x, Groups channels, Tensor mean, Tensor variance);

  // Normalization: one number for each group.

  /** Computes {@code sqrt(variance + epsilon)}; both may be the same. */
  void deviation(Tensor variance, double epsilon, Tensor deviation);

  /** Computes {@code (x - mean) / deviation}. */
  void normalize(Tensor x, Groups groups, Tensor mean, Tensor deviation, Tensor out);

  /** Computes {@code x * gamma + beta}. */
  void scaleAndShift(Tensor x, Groups groups, Tensor gamma, Tensor beta, Tensor out);

  /** Computes {@code x * gamma}. */
  void scaleGroups(Tensor x, Groups groups, Tensor gamma, Tensor out);

  /** Computes {@code x / deviation}; x and out may be the same. */
  void divideGroups(Tensor x, Groups groups, Tensor deviation, Tensor out);

  /**
   * Turns the gradient of normalized values into that of the values they were made of, in place.
   *
   * @param gradient modified
   * @param sums of the gradient for each group; modified: divided by the number of elements
   * @param sumsOfProducts of the gradient times the normalized values, likewise
   */
  void throughMoments(
      Tensor gradient,
      Tensor normalized,
      Groups groups,
      Tensor sums,
      Tensor sumsOfProducts,
      Tensor deviation);

  /** Computes {@code momentum * running + (1 - momentum) * sample}. */
  void movingAverage(Tensor running, Tensor sample, double momentum, Tensor out);

  // Chance.

  /** Computes {@code (rand(mask.shape) < keep) / keep}. */
  void dropoutMask(RandomGenerator random, double keep, Tensor mask);

  // Losses: each returns the loss and overwrites the gradient.

  double softmaxLoss(Tensor scores, int[] labels, Tensor gradient);

  double crossEntropy(Tensor scores, Tensor probabilities, Tensor gradient);

  double hingeLoss(Tensor scores, int[] labels, double margin, Tensor gradient);
}
