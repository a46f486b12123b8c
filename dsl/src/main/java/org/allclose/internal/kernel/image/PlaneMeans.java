package org.allclose.internal.kernel.image;

import java.util.Arrays;
import org.allclose.internal.kernel.reduce.Sums;

/** The mean of each channel of each image. */
public final class PlaneMeans {
  private PlaneMeans() {}

  /**
   * Computes {@code x.reshape(planes, size).mean(axis=1)}.
   *
   * @param size elements of a channel
   * @param x not modified
   * @param out modified: overwritten
   */
  public static void forward(double[] x, int planes, int size, double[] out) {
    Sums.ofRows(x, planes, size, out);
    for (int plane = 0; plane < planes; plane++) {
      out[plane] /= size;
    }
  }

  /**
   * Computes the gradient of {@link #forward}: the same part for each element.
   *
   * @param dout not modified
   * @param dx modified: overwritten
   */
  public static void gradient(double[] dout, int planes, int size, double[] dx) {
    for (int plane = 0; plane < planes; plane++) {
      Arrays.fill(dx, plane * size, (plane + 1) * size, dout[plane] / size);
    }
  }
}
