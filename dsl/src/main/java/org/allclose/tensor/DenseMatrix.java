package org.allclose.tensor;

import java.util.Locale;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.apache.commons.math3.exception.DimensionMismatchException;
import org.apache.commons.math3.linear.AbstractRealMatrix;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * A Commons Math matrix over one flat, row-major {@code double[]}, whose products run on this
 * library's kernels.
 *
 * <p>Any Commons Math algorithm works on it. As its contract demands, its own errors are Commons
 * Math's.
 */
public final class DenseMatrix extends AbstractRealMatrix {
  private final int rows;
  private final int columns;
  private final double[] elements;

  private DenseMatrix(int rows, int columns, double[] elements) {
    super(rows, columns);
    this.rows = rows;
    this.columns = columns;
    this.elements = elements;
  }

  /**
   * Returns a matrix of zeros.
   *
   * @throws org.apache.commons.math3.exception.NotStrictlyPositiveException if a dimension is less
   *     than 1
   */
  public static DenseMatrix zeros(int rows, int columns) {
    return new DenseMatrix(rows, columns, new double[Math.multiplyExact(rows, columns)]);
  }

  /**
   * Returns a matrix that uses the given array as its storage: changes of one show in the other.
   *
   * @param elements row-major; kept, not copied
   * @throws ShapeMismatchException if there are not rows times columns elements
   */
  public static DenseMatrix wrap(int rows, int columns, double[] elements) {
    if ((long) rows * columns != elements.length) {
      throw new ShapeMismatchException(
          String.format(
              Locale.ROOT,
              "matrix of %d rows and %d columns: expected %d elements but got %d",
              rows,
              columns,
              (long) rows * columns,
              elements.length));
    }
    return new DenseMatrix(rows, columns, elements);
  }

  /** Returns the given matrix itself if it is dense, else a copy that is. */
  public static DenseMatrix of(RealMatrix matrix) {
    if (matrix instanceof DenseMatrix dense) {
      return dense;
    }
    DenseMatrix copy = zeros(matrix.getRowDimension(), matrix.getColumnDimension());
    for (int row = 0; row < copy.rows; row++) {
      System.arraycopy(matrix.getRow(row), 0, copy.elements, row * copy.columns, copy.columns);
    }
    return copy;
  }

  @Override
  public int getRowDimension() {
    return rows;
  }

  @Override
  public int getColumnDimension() {
    return columns;
  }

  @Override
  public double getEntry(int row, int column) {
    MatrixUtils.checkMatrixIndex(this, row, column);
    return elements[row * columns + column];
  }

  @Override
  public void setEntry(int row, int column, double value) {
    MatrixUtils.checkMatrixIndex(this, row, column);
    elements[row * columns + column] = value;
  }

  @Override
  public DenseMatrix createMatrix(int rowDimension, int columnDimension) {
    return zeros(rowDimension, columnDimension);
  }

  @Override
  public DenseMatrix copy() {
    return new DenseMatrix(rows, columns, elements.clone());
  }

  /** Returns the storage itself, row-major: changes of it show in this matrix. */
  public double[] unwrap() {
    return elements;
  }

  /** Returns this matrix as a tensor of shape (rows, columns) on the same storage. */
  public Tensor asTensor() {
    return Tensor.wrap(Shape.of(rows, columns), elements);
  }

  /**
   * Returns {@code this * other}, with the bits of numpy's {@code this.dot(other)}.
   *
   * @throws DimensionMismatchException if the other does not have as many rows as this has columns
   */
  @Override
  public DenseMatrix multiply(RealMatrix other) {
    MatrixUtils.checkMultiplicationCompatible(this, other);
    return product(this, of(other));
  }

  /**
   * Returns {@code other * this}, with the bits of numpy's {@code other.dot(this)}.
   *
   * @throws DimensionMismatchException if the other does not have as many columns as this has rows
   */
  @Override
  public DenseMatrix preMultiply(RealMatrix other) {
    MatrixUtils.checkMultiplicationCompatible(other, this);
    return product(of(other), this);
  }

  /**
   * Returns {@code this * v}, with the bits of numpy's {@code this.dot(v)}.
   *
   * @param v one element for each column; not modified
   * @throws DimensionMismatchException if there are not as many elements as columns
   */
  @Override
  public double[] operate(double[] v) {
    requireLength(v, columns);
    double[] result = new double[rows];
    MatrixProduct.builder(rows, 1, columns).build().run(elements, v, result);
    return result;
  }

  /**
   * Returns {@code v * this}, with the bits of numpy's {@code v.dot(this)}.
   *
   * @param v one element for each row; not modified
   * @throws DimensionMismatchException if there are not as many elements as rows
   */
  @Override
  public double[] preMultiply(double[] v) {
    requireLength(v, rows);
    double[] result = new double[columns];
    MatrixProduct.builder(1, columns, rows).build().run(v, elements, result);
    return result;
  }

  @Override
  public DenseMatrix add(RealMatrix other) {
    MatrixUtils.checkAdditionCompatible(this, other);
    DenseMatrix sum = zeros(rows, columns);
    Elementwise.add(elements, of(other).elements, sum.elements, elements.length);
    return sum;
  }

  @Override
  public DenseMatrix subtract(RealMatrix other) {
    MatrixUtils.checkSubtractionCompatible(this, other);
    DenseMatrix difference = copy();
    Elementwise.subtractScaled(difference.elements, 1.0, of(other).elements, elements.length);
    return difference;
  }

  @Override
  public DenseMatrix scalarMultiply(double factor) {
    DenseMatrix product = zeros(rows, columns);
    Elementwise.scale(elements, factor, product.elements, elements.length);
    return product;
  }

  @Override
  public DenseMatrix transpose() {
    DenseMatrix transposed = zeros(columns, rows);
    Elementwise.transpose(elements, rows, columns, transposed.elements);
    return transposed;
  }

  private static DenseMatrix product(DenseMatrix left, DenseMatrix right) {
    DenseMatrix product = zeros(left.rows, right.columns);
    MatrixProduct.builder(left.rows, right.columns, left.columns)
        .build()
        .run(left.elements, right.elements, product.elements);
    return product;
  }

  private static void requireLength(double[] v, int length) {
    if (v.length != length) {
      throw new DimensionMismatchException(v.length, length);
    }
  }
}
