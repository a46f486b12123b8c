package org.allclose.parity;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * How far an actual tensor is from an expected one of the same shape.
 *
 * @param elements the number of elements
 * @param bitEqual how many have the same bits; NaN counts as equal to NaN
 * @param worst the index of the element with the largest error, in C order; -1 if all are bit-equal
 * @param expected the expected value there; 0 if all are bit-equal
 * @param actual the actual value there; 0 if all are bit-equal
 * @param absolute {@code |actual - expected|} there; infinite if one of them is not finite
 * @param relative the absolute error divided by {@code |expected|}
 * @param elementUlps how many doubles lie from one value to the other, counting the second;
 *     infinite if one of them is NaN
 * @param normwiseUlps the absolute error in units in the last place of the largest finite expected
 *     value, which does not mislead near cancellation as the elementwise count does
 */
public record Difference(
    int elements,
    int bitEqual,
    int worst,
    double expected,
    double actual,
    double absolute,
    double relative,
    double elementUlps,
    double normwiseUlps) {

  /**
   * Measures two tensors of the same shape.
   *
   * <p>The worst element is that of the largest absolute error; of equal ones, such as 0.0 against
   * -0.0, the first.
   */
  public static Difference between(Tensor expected, Tensor actual) {
    double[] e = expected.unwrap();
    double[] a = actual.unwrap();
    int bitEqual = 0;
    int worst = -1;
    double largestError = -1;
    for (int i = 0; i < e.length; i++) {
      if (Double.doubleToLongBits(e[i]) == Double.doubleToLongBits(a[i])) {
        bitEqual++;
      } else if (error(e[i], a[i]) > largestError) {
        worst = i;
        largestError = error(e[i], a[i]);
      }
    }
    if (worst < 0) {
      return new Difference(e.length, bitEqual, worst, 0, 0, 0, 0, 0, 0);
    }
    return new Difference(
        e.length,
        bitEqual,
        worst,
        e[worst],
        a[worst],
        largestError,
        largestError == 0 ? 0 : largestError / Math.abs(e[worst]),
        ulps(e[worst], a[worst]),
        largestError / Math.ulp(largestFinite(expected)));
  }

  /** Returns the index of the worst element on each axis, as Python prints a tuple of indices. */
  public String worstIndex(Shape shape) {
    int[] index = new int[shape.rank()];
    int left = worst;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = left % shape.axis(axis);
      left /= shape.axis(axis);
    }
    return Arrays.stream(index)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "(", index.length == 1 ? ",)" : ")"));
  }

  /** Returns {@code |actual - expected|}; infinite if one of them is NaN. */
  static double error(double expected, double actual) {
    double error = Math.abs(actual - expected);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  /** Returns the largest magnitude among the finite values, 0 if there is none. */
  static double largestFinite(Tensor tensor) {
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
  static double elementUlps(double expected, double actual) {
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
