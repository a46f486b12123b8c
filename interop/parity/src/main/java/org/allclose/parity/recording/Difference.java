package org.allclose.parity.recording;

import java.util.Optional;
import java.util.OptionalDouble;
import org.allclose.internal.text.Tuple;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * How far an actual tensor is from an expected one of the same shape.
 *
 * @param elements the number of elements
 * @param bitEqual how many have the same bits; NaN counts as equal to NaN
 * @param zeroSigns how many of the others are 0.0 where -0.0 is expected, or -0.0 for 0.0
 * @param worst the index of the element with the largest error, in C order; -1 if all are bit-equal
 * @param expected the expected value there; 0 if all are bit-equal
 * @param actual the actual value there; 0 if all are bit-equal
 * @param absolute {@code |actual - expected|} there; infinite if one of them is not finite
 * @param relative the absolute error divided by {@code |expected|}
 * @param elementUlps how many doubles lie from one value to the other, counting the second; where
 *     another format was recorded, the absolute error in units in the last place of the expected
 *     value; infinite if one of them is NaN
 * @param normwiseUlps the largest absolute error in units in the last place of the largest finite
 *     expected value, which does not mislead near cancellation as the elementwise count does
 * @param roundings the absolute error in units of the rounding error that the element may have;
 *     empty where that is not known
 */
public record Difference(
    int elements,
    int bitEqual,
    int zeroSigns,
    int worst,
    double expected,
    double actual,
    double absolute,
    double relative,
    double elementUlps,
    double normwiseUlps,
    OptionalDouble roundings) {

  /** Measures two tensors of the same shape in float64, where nothing is known of rounding. */
  public static Difference between(Tensor expected, Tensor actual) {
    return between(expected, actual, FloatFormat.FLOAT64, Optional.empty());
  }

  /**
   * Measures two tensors of the same shape.
   *
   * <p>The worst element is that of the largest absolute error, or where rounding errors are known
   * that of the largest error in their units; of equal ones, such as 0.0 against -0.0, the first.
   *
   * @param format what the expected tensor was recorded in
   * @param noise for each element the size that rounding errors are in proportion to, if known: see
   *     {@link org.allclose.RoundingNoise}
   */
  public static Difference between(
      Tensor expected, Tensor actual, FloatFormat format, Optional<Tensor> noise) {
    double[] e = expected.unwrap();
    double[] a = actual.unwrap();
    int bitEqual = 0;
    int zeroSigns = 0;
    int worst = -1;
    double largest = -1;
    double largestError = 0;
    for (int i = 0; i < e.length; i++) {
      if (Double.doubleToLongBits(e[i]) == Double.doubleToLongBits(a[i])) {
        bitEqual++;
        continue;
      }
      zeroSigns += e[i] == a[i] ? 1 : 0;
      double error = error(e[i], a[i]);
      largestError = Math.max(largestError, error);
      double size =
          noise.isPresent() ? roundings(e[i], a[i], noise.get().unwrap()[i], format) : error;
      if (size > largest) {
        worst = i;
        largest = size;
      }
    }
    OptionalDouble roundings =
        noise.isPresent() ? OptionalDouble.of(Math.max(0, largest)) : OptionalDouble.empty();
    if (worst < 0) {
      return new Difference(e.length, bitEqual, 0, worst, 0, 0, 0, 0, 0, 0, roundings);
    }
    double error = error(e[worst], a[worst]);
    return new Difference(
        e.length,
        bitEqual,
        zeroSigns,
        worst,
        e[worst],
        a[worst],
        error,
        error == 0 ? 0 : error / Math.abs(e[worst]),
        format == FloatFormat.FLOAT64 ? ulps(e[worst], a[worst]) : error / format.ulp(e[worst]),
        largestError / format.ulp(largestFinite(expected)),
        roundings);
  }

  /** Returns an error in units of the rounding error that its element may have. */
  public static double roundings(double expected, double actual, double noise, FloatFormat format) {
    if (expected == actual) {
      return 0;
    }
    double roundings = error(expected, actual) / (format.unit() * noise + format.underflow());
    return Double.isNaN(roundings) ? Double.POSITIVE_INFINITY : roundings;
  }

  /** Returns whether the elements that are not bit-equal are zeros of the other sign alone. */
  public boolean isOfZeroSigns() {
    return zeroSigns == elements - bitEqual;
  }

  /** Returns the index of an element on each axis, as Python prints a tuple of indices. */
  public static String index(Shape shape, int element) {
    int[] index = new int[shape.rank()];
    int left = element;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = left % shape.axis(axis);
      left /= shape.axis(axis);
    }
    return Tuple.of(index);
  }

  /** Returns {@code |actual - expected|}; infinite if one of them is NaN. */
  public static double error(double expected, double actual) {
    double error = Math.abs(actual - expected);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  /** Returns the largest magnitude among the finite values, 0 if there is none. */
  public static double largestFinite(Tensor tensor) {
    double largest = 0;
    for (double value : tensor.unwrap()) {
      if (Double.isFinite(value)) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  /**
   * Returns the distance in the order of all doubles, where -0.0 comes one before 0.0; 0 if both
   * are NaN.
   */
  public static double elementUlps(double expected, double actual) {
    return Double.isNaN(expected) && Double.isNaN(actual) ? 0 : ulps(expected, actual);
  }

  /** Returns the distance in the order of all doubles, where -0.0 comes one before 0.0. */
  private static double ulps(double expected, double actual) {
    if (Double.isNaN(expected) || Double.isNaN(actual)) {
      return Double.POSITIVE_INFINITY;
    }
    long from = place(expected);
    long to = place(actual);
    // Places of different sign can be too far apart for a long; where they are near, both are
    // exact.
    return (from ^ to) >= 0 ? Math.abs(from - to) : Math.abs((double) from - (double) to);
  }

  /** Returns a double's place among all doubles: its bits, made to grow with the value. */
  private static long place(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits < 0 ? ~(bits & Long.MAX_VALUE) : bits;
  }
}
