package org.allclose.layer.sequence;

/** A matrix within an array, for sums whose bits do not matter. */
final class Matrix {
  private final double[] values;
  private final int start;
  private final int rows;
  private final int columns;
  private final int rowStride;
  private final int columnStride;

  private Matrix(
      double[] values, int start, int rows, int columns, int rowStride, int columnStride) {
    this.values = values;
    this.start = start;
    this.rows = rows;
    this.columns = columns;
    this.rowStride = rowStride;
    this.columnStride = columnStride;
  }

  /**
   * Returns the matrix that begins at a place of an array; elements of a row are side by side.
   *
   * @param rowStride elements from a row to the next
   */
  static Matrix of(double[] values, int start, int rows, int columns, int rowStride) {
    return new Matrix(values, start, rows, columns, rowStride, 1);
  }

  private int place(int row, int column) {
    return start + row * rowStride + column * columnStride;
  }

  Matrix transposed() {
    return new Matrix(values, start, columns, rows, columnStride, rowStride);
  }

  /** Adds the product of two matrices. */
  void addProduct(Matrix a, Matrix b) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double sum = 0;
        for (int i = 0; i < a.columns; i++) {
          sum += a.values[a.place(row, i)] * b.values[b.place(i, column)];
        }
        values[place(row, column)] += sum;
      }
    }
  }
}
