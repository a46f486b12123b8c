package org.allclose.train;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/** A loss, or what else is differentiated, as a function of a shift of one argument. */
final class ShiftedLoss {

  /** Apart by so much of the largest value, losses differ by little but their rounding. */
  private static final double NOISE_SPACING = 0x1p-42;

  private final double[] values;
  private final double[] before;
  private final DoubleSupplier f;
  private final double spacing;
  private final double noise;

  ShiftedLoss(double[] values, DoubleSupplier f) {
    this.values = values;
    this.f = f;
    before = values.clone();
    double largest = Math.max(1, Arrays.stream(before).map(Math::abs).max().orElse(0));
    spacing = Math.ulp(largest);
    double[] everywhere = new double[values.length];
    for (int i = 0; i < everywhere.length; i++) {
      everywhere[i] = i % 2 == 0 ? 1 : -1;
    }
    noise = NumericDerivative.noise(shift -> value(everywhere, shift), largest * NOISE_SPACING);
  }

  /** Returns the distance between shifts that the argument can tell apart. */
  double spacing() {
    return spacing;
  }

  /** Returns the standard deviation of the value's rounding errors. */
  double noise() {
    return noise;
  }

  /** Computes the value with the argument shifted along a direction, and puts it back. */
  double value(double[] direction, double shift) {
    for (int i = 0; i < values.length; i++) {
      values[i] = direction[i] == 0 ? before[i] : before[i] + shift * direction[i];
    }
    double value = f.getAsDouble();
    System.arraycopy(before, 0, values, 0, before.length);
    return value;
  }
}
