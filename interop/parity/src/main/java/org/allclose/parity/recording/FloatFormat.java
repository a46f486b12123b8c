package org.allclose.parity.recording;

import java.util.Locale;
import org.allclose.jnpy.DType;

/** The floating-point format that a tensor was recorded in, whose units its errors are told in. */
public enum FloatFormat {
  /** Computed in float32 and rounded, so that numbers underflow gradually. */
  FLOAT16(11, -14, -25),
  BFLOAT16(8, -126, -126),
  FLOAT32(24, -126, -126),
  FLOAT64(53, -1022, -1022);

  private final int digits;
  private final int smallestExponent;
  private final int underflowExponent;

  /**
   * @param digits binary digits of the significand, the leading 1 included
   * @param smallestExponent the exponent of the smallest normal number
   * @param underflowExponent the exponent of the largest error that underflow makes; where
   *     libraries flush to 0 what is not normal, that of the smallest normal number
   */
  FloatFormat(int digits, int smallestExponent, int underflowExponent) {
    this.digits = digits;
    this.smallestExponent = smallestExponent;
    this.underflowExponent = underflowExponent;
  }

  /** Returns the format of a dtype; integers and truth values are exact in float64. */
  public static FloatFormat of(DType dtype) {
    return switch (dtype.type()) {
      case FLOAT16 -> FLOAT16;
      case BFLOAT16 -> BFLOAT16;
      case FLOAT32 -> FLOAT32;
      default -> FLOAT64;
    };
  }

  /** Returns the unit roundoff, the largest relative error of one rounding: 2^-53 for float64. */
  public double unit() {
    return Math.scalb(1.0, -digits);
  }

  /** Returns the largest error of a result that is too small for a normal number. */
  public double underflow() {
    return Math.scalb(1.0, underflowExponent);
  }

  /** Returns the unit in the last place of a finite number. */
  public double ulp(double value) {
    int exponent = Math.max(Math.getExponent(value), smallestExponent);
    return Math.scalb(1.0, exponent - digits + 1);
  }

  /** Returns a number of units in the last place as reports tell it: {@code float32 ulps}. */
  public String ulps() {
    return this == FLOAT64 ? "ulps" : this + " ulps";
  }

  /** Returns numpy's name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
