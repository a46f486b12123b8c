package org.allclose.layer.sequence;

/**
 * A matrix within an array, for sums whose bits do not matter.
 *
 * @param values the array
 * @param start where the matrix begins
 * @param rowStride elements from a row to the next
 * @param columnStride elements from a column to the next
 */
record Matrix(double[] values, int start, int rows, int columns, int rowStride, int columnStride) {

  double at(int row, int column) {
    return values[start + row * rowStride + column * columnStride];
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
          sum += a.at(row, i) * b.at(i, column);
        }
        values[start + row * rowStride + column * columnStride] += sum;
      }
    }
  }
}
