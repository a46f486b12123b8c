package org.allclose.internal.kernel.product;

/**
 * Into which parts a product is cut for several threads: a grid of rows and columns, numbered row
 * by row, that starts each part at a multiple of {@link ProductKernel#ROW_ALIGNMENT} and {@link
 * ProductKernel#COLUMN_ALIGNMENT}.
 *
 * @param m rows of the product
 * @param n columns of the product
 * @param rowParts parts on top of each other
 * @param columnParts parts side by side
 */
record Partition(int m, int n, int rowParts, int columnParts) {
  /** Operations, counted as 2mnk, from which on two threads are faster than one. */
  private static final double WORTH_SHARING = 2e6;

  /** The same for vector products, which wait for memory. */
  private static final double VECTOR_WORTH_SHARING = 3e5;

  /** Operations that make a part of a shared product. */
  private static final double PART = 1e6;

  /**
   * Chooses into how many parts rows and columns are cut: as square ones as possible, and rows
   * rather than columns of a square, since a thread then reads longer runs of B.
   */
  static Partition of(int m, int n, int k, int threads) {
    double work = 2.0 * m * n * k;
    boolean vector = m == 1 || n == 1;
    Partition best = new Partition(m, n, 1, 1);
    if (threads == 1 || work < (vector ? VECTOR_WORTH_SHARING : WORTH_SHARING)) {
      return best;
    }
    int wanted = vector ? threads : (int) Math.min(threads, Math.max(2, work / PART));
    double least = Double.MAX_VALUE;
    for (int rows = 1; rows <= Math.min(wanted, mostRowParts(m)); rows++) {
      int columns = Math.min(wanted / rows, mostColumnParts(n));
      // Time of the largest part: its elements, and reading its share of A and B.
      double height = Math.ceil((double) m / rows);
      double width = Math.ceil((double) n / columns);
      double time = height * width + 16 * (height + width);
      if (time <= least) {
        least = time;
        best = new Partition(m, n, rows, columns);
      }
    }
    return best;
  }

  /** Returns a given number of parts, as far as the product is large enough. */
  static Partition atMost(int m, int n, int rowParts, int columnParts) {
    return new Partition(
        m, n, Math.min(rowParts, mostRowParts(m)), Math.min(columnParts, mostColumnParts(n)));
  }

  int parts() {
    return rowParts * columnParts;
  }

  int fromRow(int part) {
    return cut(m, rowParts, part / columnParts, ProductKernel.ROW_ALIGNMENT);
  }

  int toRow(int part) {
    return cut(m, rowParts, part / columnParts + 1, ProductKernel.ROW_ALIGNMENT);
  }

  int fromColumn(int part) {
    return cut(n, columnParts, part % columnParts, ProductKernel.COLUMN_ALIGNMENT);
  }

  int toColumn(int part) {
    return cut(n, columnParts, part % columnParts + 1, ProductKernel.COLUMN_ALIGNMENT);
  }

  private static int mostRowParts(int m) {
    return Math.max(1, m / ProductKernel.ROW_ALIGNMENT);
  }

  private static int mostColumnParts(int n) {
    return Math.max(1, n / ProductKernel.COLUMN_ALIGNMENT);
  }

  /** Returns where part {@code index} starts. */
  private static int cut(int length, int parts, int index, int alignment) {
    if (index == parts) {
      return length;
    }
    return (int) ((long) length * index / parts) / alignment * alignment;
  }
}
