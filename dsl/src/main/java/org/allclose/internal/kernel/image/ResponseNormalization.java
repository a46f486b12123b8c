package org.allclose.internal.kernel.image;

import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Local response normalization, {@code y = x / base ** beta} with {@code base = k + alpha * (sum /
 * size)}, the sum being that of the squares of x in some channels around, from the first to the
 * last. A window of channel c starts {@code size / 2} channels before it.
 */
public final class ResponseNormalization {
  private final int images;
  private final int channels;
  private final int plane;
  private final int size;
  private final double alpha;
  private final double beta;
  private final double k;
  private final double[] base;
  private final double[] power;
  private final double[] part;

  /**
   * @param plane elements of a channel of an image
   * @param size channels of a window
   */
  public ResponseNormalization(
      int images, int channels, int plane, int size, double alpha, double beta, double k) {
    this.images = images;
    this.channels = channels;
    this.plane = plane;
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
    base = new double[images * channels * plane];
    power = new double[base.length];
    part = new double[base.length];
  }

  /**
   * Normalizes a batch.
   *
   * @param x not modified
   * @param y modified: overwritten
   */
  public void forward(double[] x, double[] y) {
    for (int i = 0; i < part.length; i++) {
      part[i] = x[i] * x[i];
    }
    addWindows(size / 2, (size - 1) / 2, base);
    for (int i = 0; i < base.length; i++) {
      base[i] = k + alpha * (base[i] / size);
    }
    ElementaryFunctions.power(base, 0, beta, power, 0, base.length);
    for (int i = 0; i < base.length; i++) {
      y[i] = x[i] / power[i];
    }
  }

  /**
   * Computes the gradient of the latest {@link #forward}: {@code dout / base ** beta - (2 * alpha *
   * beta / size) * x * sum}, the sum being that of {@code dout * y / base} of the channels whose
   * windows have x, from the first to the last.
   *
   * @param dout not modified
   * @param x what {@link #forward} was given; not modified
   * @param y what it computed; not modified
   * @param dx modified: overwritten
   */
  public void gradient(double[] dout, double[] x, double[] y, double[] dx) {
    for (int i = 0; i < part.length; i++) {
      part[i] = dout[i] * y[i] / base[i];
    }
    addWindows((size - 1) / 2, size / 2, dx);
    double factor = 2 * alpha * beta / size;
    for (int i = 0; i < dx.length; i++) {
      dx[i] = dout[i] / power[i] - factor * x[i] * dx[i];
    }
  }

  /**
   * Computes the sum of the magnitudes of the two addends of {@link #gradient}.
   *
   * @param terms modified: overwritten
   */
  public void gradientTerms(double[] dout, double[] x, double[] y, double[] terms) {
    for (int i = 0; i < part.length; i++) {
      part[i] = Math.abs(dout[i] * y[i] / base[i]);
    }
    addWindows((size - 1) / 2, size / 2, terms);
    double factor = Math.abs(2 * alpha * beta / size);
    for (int i = 0; i < terms.length; i++) {
      terms[i] = Math.abs(dout[i]) / power[i] + factor * Math.abs(x[i]) * terms[i];
    }
  }

  /** Adds up the parts of the channels around each, from the first to the last. */
  private void addWindows(int before, int after, double[] sums) {
    int image = channels * plane;
    for (int i = 0; i < images * channels; i++) {
      int channel = i % channels;
      int first = i / channels * image + Math.max(channel - before, 0) * plane;
      int last = i / channels * image + Math.min(channel + after, channels - 1) * plane;
      for (int place = 0; place < plane; place++) {
        double sum = part[first + place];
        for (int other = first + plane; other <= last; other += plane) {
          sum += part[other + place];
        }
        sums[i * plane + place] = sum;
      }
    }
  }
}
