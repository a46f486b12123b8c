package org.allclose.parity.diagnosis;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
import org.allclose.internal.text.Decimal;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/** Numbers that explain a recording, found from it. */
final class Fit {

  /** More equations tell nothing new, and take long to solve. */
  private static final int MOST_EQUATIONS = 2048;

  /** How near a number must be to a short one to be meant as it. */
  private static final double MEANT = 1e-5;

  /** How many decimal digits a short number has at most. */
  private static final int SHORT = 4;

  /** How many decimal digits of a number are told. */
  private static final int DIGITS = 6;

  private Fit() {}

  /**
   * Returns the factors k with {@code target = sum of k[i] * columns[i]} in the sense of least
   * squares; nothing if a number is not finite.
   *
   * @param columns of the size of the target
   */
  static Optional<double[]> solve(Tensor target, List<Tensor> columns) {
    int step = Math.max(1, target.size() / MOST_EQUATIONS);
    // Odd, so that not all equations are of the same channel or column.
    step += 1 - step % 2;
    int equations = (target.size() - 1) / step + 1;
    RealMatrix matrix = new Array2DRowRealMatrix(equations, columns.size());
    RealVector right = new ArrayRealVector(equations);
    for (int row = 0; row < equations; row++) {
      right.setEntry(row, target.unwrap()[row * step]);
      for (int column = 0; column < columns.size(); column++) {
        matrix.setEntry(row, column, columns.get(column).unwrap()[row * step]);
      }
    }
    if (equations < columns.size() || !isFinite(matrix.getNorm()) || !isFinite(right.getNorm())) {
      return Optional.empty();
    }
    return Optional.of(new SingularValueDecomposition(matrix).getSolver().solve(right).toArray());
  }

  /** Returns {@code k} with {@code y = k * x} in the sense of least squares, x not being 0. */
  static double factor(double[] y, double[] x) {
    double products = 0;
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      products += x[i] * y[i];
      squares += x[i] * x[i];
    }
    return products / squares;
  }

  /** Returns the shortest decimal number that one found from a recording may be meant as. */
  static Optional<Double> meant(double found) {
    if (!isFinite(found)) {
      return Optional.empty();
    }
    for (int digits = 1; digits <= SHORT; digits++) {
      double rounded = new BigDecimal(found).round(new MathContext(digits)).doubleValue();
      if (Math.abs(rounded - found) <= MEANT * Math.abs(found)) {
        return Optional.of(rounded);
      }
    }
    return Optional.empty();
  }

  /** Returns a number as people write it: as it is if it is short, else its first digits. */
  static String text(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1e6) {
      return Long.toString((long) number);
    }
    double shortened = new BigDecimal(number).round(new MathContext(DIGITS)).doubleValue();
    return Decimal.of(shortened);
  }

  private static boolean isFinite(double value) {
    return Double.isFinite(value);
  }
}
