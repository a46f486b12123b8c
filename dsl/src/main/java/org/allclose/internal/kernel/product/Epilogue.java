package org.allclose.internal.kernel.product;

/**
 * What is done to each element of a matrix product before it is stored for good: first a bias is
 * added, then ReLU is applied.
 *
 * <p>{@code v = v + bias[j]} (or {@code bias[i]}), rounded once, as numpy's {@code x.dot(W) + b}
 * and {@code W.dot(x) + b[:, None]}; then {@code v = v * (v > 0)} with numpy's results for signed
 * zeros, infinities and NaN. Instances are immutable, but do not copy the bias.
 */
public final class Epilogue {
  /** Leaves the product as it is. */
  public static final Epilogue NONE = new Epilogue(null, 0, null, 0, false);

  final double[] columnBias;
  final int columnOffset;
  final double[] rowBias;
  final int rowOffset;
  final boolean relu;

  private Epilogue(
      double[] columnBias, int columnOffset, double[] rowBias, int rowOffset, boolean relu) {
    this.columnBias = columnBias;
    this.columnOffset = columnOffset;
    this.rowBias = rowBias;
    this.rowOffset = rowOffset;
    this.relu = relu;
  }

  /** Adds {@code bias[offset + j]} to each element of column j. */
  public static Epilogue columnBias(double[] bias, int offset) {
    return new Epilogue(bias, offset, null, 0, false);
  }

  /** Adds {@code bias[offset + i]} to each element of row i. */
  public static Epilogue rowBias(double[] bias, int offset) {
    return new Epilogue(null, 0, bias, offset, false);
  }

  /** Returns this followed by ReLU. */
  public Epilogue withRelu() {
    return new Epilogue(columnBias, columnOffset, rowBias, rowOffset, true);
  }

  /** Returns whether there is nothing to do. */
  boolean isNone() {
    return columnBias == null && rowBias == null && !relu;
  }

  /** Returns what becomes of the value of element (i, j). */
  double apply(double value, int i, int j) {
    double v = value;
    if (columnBias != null) {
      v += columnBias[columnOffset + j];
    }
    if (rowBias != null) {
      v += rowBias[rowOffset + i];
    }
    return relu ? v * (v > 0 ? 1.0 : 0.0) : v;
  }

  /** Applies this to a part of C. */
  void apply(Product product, int fromRow, int toRow, int fromColumn, int toColumn) {
    if (isNone()) {
      return;
    }
    for (int i = fromRow; i < toRow; i++) {
      int row = product.cOffset + i * product.ldc;
      applyRow(product.c, row, i, fromColumn, toColumn);
    }
  }

  /**
   * Applies this to some elements of a row of C.
   *
   * @param c modified
   * @param row where the row starts in c
   * @param i the row's number
   * @param from the first column
   * @param to the column after the last
   */
  // One loop for each step: C2 vectorises loops this simple, and a row stays in the cache.
  public void applyRow(double[] c, int row, int i, int from, int to) {
    if (columnBias != null) {
      double[] bias = columnBias;
      int offset = columnOffset;
      for (int j = from; j < to; j++) {
        c[row + j] += bias[offset + j];
      }
    }
    if (rowBias != null) {
      double bias = rowBias[rowOffset + i];
      for (int j = from; j < to; j++) {
        c[row + j] += bias;
      }
    }
    if (relu) {
      for (int j = from; j < to; j++) {
        double v = c[row + j];
        c[row + j] = v * (v > 0 ? 1.0 : 0.0);
      }
    }
  }
}
