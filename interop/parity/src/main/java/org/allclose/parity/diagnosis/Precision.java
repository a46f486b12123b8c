package org.allclose.parity.diagnosis;

import java.util.Optional;
import java.util.stream.IntStream;
import org.allclose.parity.recording.Difference;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.TensorReport;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** The floating-point formats that numbers may have been rounded to. */
enum Precision {
  FLOAT16("float16", 11, -14, 0x1.ffcp15),
  BFLOAT16("bfloat16", 8, -126, 0x1.fep127),
  FLOAT32("float32", 24, -126, Float.MAX_VALUE),
  FLOAT64("float64", 53, -1022, Double.MAX_VALUE);

  /** How many of the last binary digits are 0 in all numbers of a tensor by chance. */
  private static final int CHANCE = 4;

  /** What rounding leaves between two computations in float32, as part of the largest result. */
  private static final double FLOAT32_ROUNDING = 0x1p-18;

  /** The same in float64. */
  private static final double FLOAT64_ROUNDING = 1e-12;

  private final String dtype;
  private final int digits;
  private final int smallestExponent;
  private final double largest;

  /**
   * @param dtype its name
   * @param digits binary digits of the significand, the leading 1 included
   * @param smallestExponent the exponent of the smallest normal number
   * @param largest the largest number
   */
  Precision(String dtype, int digits, int smallestExponent, double largest) {
    this.dtype = dtype;
    this.digits = digits;
    this.smallestExponent = smallestExponent;
    this.largest = largest;
  }

  /** Returns float32 if all numbers are floats, and not only because they are short. */
  static Precision of(Tensor tensor) {
    int longest = 0;
    for (double value : tensor.unwrap()) {
      if (Double.isFinite(value) && FLOAT32.round(value) != value) {
        return FLOAT64;
      }
      boolean isWhole = value == Math.rint(value);
      longest = isWhole ? longest : Math.max(longest, significantDigits(value));
    }
    return longest >= FLOAT32.digits - CHANCE ? FLOAT32 : FLOAT64;
  }

  /**
   * Tells that what was recorded holds fewer digits than Java computes, if the first tensor that
   * Java misses is wrong by no more than that.
   */
  static Optional<String> lost(CaseReport report) {
    return report.failedNumbers().stream()
        .findFirst()
        .filter(Precision::isOff)
        .map(
            tensor ->
                "'"
                    + tensor.name()
                    + "' was recorded in float32, which holds about 7 digits: record it in float64,"
                    + " or with a match of that size");
  }

  /** Returns whether the error of each unit, as are classes and channels, is float32's for it. */
  private static boolean isOff(TensorReport tensor) {
    Tensor expected = tensor.expected();
    if (of(expected) != FLOAT32
        || of(tensor.actual()) != FLOAT64
        || tensor.difference().isEmpty()) {
      return false;
    }
    Shape shape = expected.shape();
    int units = shape.rank() > 1 ? shape.axis(1) : expected.size();
    int places = shape.rank() > 1 ? expected.size() / shape.axis(0) / units : 1;
    double[] largest = new double[units];
    double[] error = new double[units];
    for (int i = 0; i < expected.size(); i++) {
      int unit = i / places % units;
      double recorded = expected.unwrap()[i];
      largest[unit] = Math.max(largest[unit], Math.abs(recorded));
      error[unit] = Math.max(error[unit], Difference.error(recorded, tensor.actual().unwrap()[i]));
    }
    return IntStream.range(0, units)
        .allMatch(unit -> error[unit] <= FLOAT32_ROUNDING * largest[unit]);
  }

  /** Returns the name of the format, as numpy and PyTorch have it. */
  String dtype() {
    return dtype;
  }

  /** Returns how far results are apart by rounding, as part of the largest. */
  double rounding() {
    return this == FLOAT64 ? FLOAT64_ROUNDING : FLOAT32_ROUNDING;
  }

  /** Returns each number rounded to the nearest of this format, of two to the even. */
  Tensor round(Tensor tensor) {
    return tensor.map(this::round);
  }

  private double round(double value) {
    if (this == FLOAT64 || !Double.isFinite(value) || value == 0) {
      return value;
    }
    int exponent = Math.max(Math.getExponent(value), smallestExponent);
    double unit = Math.scalb(1.0, exponent - digits + 1);
    double rounded = Math.rint(value / unit) * unit;
    return Math.abs(rounded) > largest ? Math.copySign(Double.POSITIVE_INFINITY, value) : rounded;
  }

  /** Returns how many binary digits a number has from its first 1 to its last. */
  private static int significantDigits(double value) {
    int zeros = Long.numberOfTrailingZeros(Double.doubleToRawLongBits(value));
    return Double.isFinite(value) && value != 0 ? Math.max(1, FLOAT64.digits - zeros) : 0;
  }
}
