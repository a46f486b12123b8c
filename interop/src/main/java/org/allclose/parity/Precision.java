package org.allclose.parity;

import java.util.Optional;
import org.allclose.tensor.Tensor;

/** Tells numbers that were computed in single precision and stored in double. */
final class Precision {

  /** Zero bits at the end of a double that is a float: 52 - 23. */
  private static final int FLOAT_ZEROS = 29;

  private Precision() {}

  /** Looks at the expected tensors that Java misses. */
  static Optional<String> singlePrecision(CaseReport report) {
    // An array whose dtype is float32 was not stored as float64.
    return report.failures().stream()
        .filter(TensorReport.class::isInstance)
        .map(TensorReport.class::cast)
        .filter(tensor -> isSingle(tensor.expected()) && !isSingle(tensor.actual()))
        .findFirst()
        .map(
            tensor ->
                "'"
                    + tensor.name()
                    + "' was recorded in float32 and stored as float64: every value is a float32,"
                    + " so it holds about 7 digits");
  }

  /** Returns whether all numbers are floats, and not only because they are short. */
  private static boolean isSingle(Tensor tensor) {
    boolean hasLong = false;
    for (double value : tensor.unwrap()) {
      if (Double.isFinite(value) && (double) (float) value != value) {
        return false;
      }
      int zeros = Long.numberOfTrailingZeros(Double.doubleToLongBits(value));
      hasLong |= Double.isFinite(value) && value != 0 && zeros < FLOAT_ZEROS + 12;
    }
    return hasLong;
  }
}
