package org.allclose.internal.kernel.math;

/**
 * The hyperbolic tangent with the bits of glibc 2.36 on x86-64 with fused multiply-adds.
 *
 * <p>{@code tanh(x) = 1 - 2 / (expm1(2x) + 2)} from 1 up, {@code -t / (t + 2)} with {@code t =
 * expm1(-2x)} below. Its own operations are not fused, those of {@link Expm1} are.
 *
 * <p>Source: fdlibm {@code s_tanh.c} (Sun Microsystems, freely distributable).
 */
final class Tanh {
  private Tanh() {}

  /** From here on the result rounds to 1. */
  static final double SATURATION = 22.0;

  /** Below this magnitude the result is the argument. */
  static final double TINY = 0x1p-55;

  static double tanh(double x) {
    double magnitude = Math.abs(x);
    if (magnitude < TINY || Double.isNaN(x)) {
      return x;
    }
    double result;
    if (magnitude >= SATURATION) {
      result = 1.0;
    } else if (magnitude >= 1.0) {
      result = 1.0 - 2.0 / (Expm1.expm1(2.0 * magnitude) + 2.0);
    } else {
      double t = Expm1.expm1(-2.0 * magnitude);
      result = -t / (t + 2.0);
    }
    return Math.copySign(result, x);
  }
}
