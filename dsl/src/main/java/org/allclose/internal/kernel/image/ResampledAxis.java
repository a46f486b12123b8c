package org.allclose.internal.kernel.image;

import java.util.function.IntToDoubleFunction;

/**
 * Which elements of an axis an element of a longer or shorter one is made from, and how much of
 * each: PyTorch's formulas.
 *
 * <p>Source: PyTorch {@code aten/src/ATen/native/UpSample.h}.
 */
public final class ResampledAxis {
  /** The A of bicubic interpolation. */
  private static final double CUBIC = -0.75;

  private final int length;
  private final int outputs;
  private final int taps;
  private final int[] index;
  private final double[] weight;

  private ResampledAxis(int length, int outputs, int taps) {
    this(length, outputs, taps, new int[outputs * taps], new double[outputs * taps]);
  }

  private ResampledAxis(int length, int outputs, int taps, int[] index, double[] weight) {
    this.length = length;
    this.outputs = outputs;
    this.taps = taps;
    this.index = index;
    this.weight = weight;
  }

  /**
   * Each output is a copy of the element at {@code floor(output * scale)}, with the scale, {@code
   * length / outputs}, and the product in single precision, as PyTorch has them.
   */
  public static ResampledAxis nearest(int length, int outputs) {
    ResampledAxis axis = new ResampledAxis(length, outputs, 1);
    float scale = (float) length / outputs;
    for (int k = 0; k < outputs; k++) {
      axis.index[k] = Math.min((int) (k * scale), length - 1);
      axis.weight[k] = 1;
    }
    return axis;
  }

  /** Each output is a mean of the two elements around its source. */
  public static ResampledAxis linear(int length, int outputs, boolean alignCorners) {
    ResampledAxis axis = new ResampledAxis(length, outputs, 2);
    IntToDoubleFunction source = source(length, outputs, alignCorners);
    for (int k = 0; k < outputs; k++) {
      double real = Math.max(source.applyAsDouble(k), 0);
      int lower = Math.min((int) real, length - 1);
      double rest = Math.min(Math.max(real - lower, 0), 1);
      axis.index[2 * k] = lower;
      axis.index[2 * k + 1] = Math.min(lower + 1, length - 1);
      axis.weight[2 * k] = 1 - rest;
      axis.weight[2 * k + 1] = rest;
    }
    return axis;
  }

  /** Each output is a sum of the four elements around its source; ends are repeated. */
  public static ResampledAxis cubic(int length, int outputs, boolean alignCorners) {
    ResampledAxis axis = new ResampledAxis(length, outputs, 4);
    IntToDoubleFunction source = source(length, outputs, alignCorners);
    for (int k = 0; k < outputs; k++) {
      double real = source.applyAsDouble(k);
      int lower = (int) Math.min(Math.floor(real), length - 1);
      double rest = Math.min(Math.max(real - lower, 0), 1);
      for (int tap = 0; tap < 4; tap++) {
        axis.index[4 * k + tap] = Math.max(Math.min(lower - 1 + tap, length - 1), 0);
      }
      axis.weight[4 * k] = far(rest + 1);
      axis.weight[4 * k + 1] = near(rest);
      axis.weight[4 * k + 2] = near(1 - rest);
      axis.weight[4 * k + 3] = far(2 - rest);
    }
    return axis;
  }

  /** Returns where the elements lie: corner on corner, or border on border. */
  private static IntToDoubleFunction source(int length, int outputs, boolean alignCorners) {
    if (alignCorners) {
      double scale = outputs > 1 ? (length - 1.0) / (outputs - 1) : 0;
      return k -> k * scale;
    }
    double scale = (double) length / outputs;
    return k -> scale * (k + 0.5) - 0.5;
  }

  /** The weight of an element at a distance of at most 1. */
  private static double near(double x) {
    return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
  }

  /** The weight of an element at a distance from 1 to 2. */
  private static double far(double x) {
    return ((CUBIC * x - 5 * CUBIC) * x + 8 * CUBIC) * x - 4 * CUBIC;
  }

  /** Returns the same with the weights' magnitudes. */
  public ResampledAxis magnitudes() {
    double[] magnitudes = new double[weight.length];
    for (int i = 0; i < weight.length; i++) {
      magnitudes[i] = Math.abs(weight[i]);
    }
    return new ResampledAxis(length, outputs, taps, index, magnitudes);
  }

  /** Returns the number of elements that there are. */
  int length() {
    return length;
  }

  /** Returns the number of elements that are made. */
  int outputs() {
    return outputs;
  }

  /** Returns how many elements each is made from. */
  int taps() {
    return taps;
  }

  /** Returns one of the elements that an output is made from. */
  int index(int output, int tap) {
    return index[output * taps + tap];
  }

  /** Returns how much of an element an output is made from. */
  double weight(int output, int tap) {
    return weight[output * taps + tap];
  }
}
