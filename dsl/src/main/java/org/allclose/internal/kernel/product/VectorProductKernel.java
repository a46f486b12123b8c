package org.allclose.internal.kernel.product;

import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/**
 * Matrix products with the Vector API.
 *
 * <p>C is covered with tiles of 8 (or 4) rows and up to 3 vectors, whose sums stay in registers for
 * a block of terms; a tile reads elements of A and vectors of B. Operands are read where they are
 * if they are small. Otherwise, and always if B is transposed, a block of terms of B is packed in
 * the order in which tiles read it, a panel of 3 vectors after another; and A is read some rows at
 * a time, so that they stay in the second-level cache from panel to panel. A transposed A is packed
 * too. Columns that fill no vector are covered by one that overlaps its neighbour, see {@link
 * VectorTiles4}.
 */
final class VectorProductKernel implements ProductKernel {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  /** Columns of a full tile. */
  private static final int SPAN = 3 * VL;

  /** The most terms of a block: half of 511, rounded up to a multiple of 4. */
  private static final int BLOCK = 256;

  /** Elements of B that are packed at a time. */
  private static final int PACKED = 1008 * BLOCK;

  /** Elements of a block of terms of B that are read in place, however many rows A has. */
  private static final int SMALL = 65536;

  /** Rows of A that make it worth packing more. */
  private static final int MANY_ROWS = 160;

  /** The same if each row of B is on a memory page of its own. */
  private static final int ROWS_IF_FAR = 24;

  /** Elements from one row of B to the next that make it far. */
  private static final int FAR = 4096;

  /** Rows of A that are used with one panel after another. */
  private static final int BLOCK_ROWS = 128;

  /** Rows of C at a time if C is narrower than a vector. */
  private static final int NARROW_ROWS = 64;

  private static final ProductKernel REFERENCE = new ReferenceProductKernel();

  @Override
  public void multiply(Product q, int fromRow, int toRow, int fromColumn, int toColumn) {
    if (q.k == 0) {
      REFERENCE.multiply(q, fromRow, toRow, fromColumn, toColumn);
      return;
    }
    switch (q.form) {
      case GENERAL, SYMMETRIC -> matrices(q, fromRow, toRow, fromColumn, toColumn);
      case VECTOR_ALONG_OUTPUTS -> {
        // One of the ranges is 0 to 1.
        VectorAlongOutputs.multiply(q, fromRow + fromColumn, toRow + toColumn - 1);
        VectorEpilogue.apply(q, fromRow, toRow, fromColumn, toColumn);
      }
      case VECTOR_ALONG_TERMS -> {
        VectorAlongTerms.multiply(q, fromRow + fromColumn, toRow + toColumn - 1);
        VectorEpilogue.apply(q, fromRow, toRow, fromColumn, toColumn);
      }
      default -> REFERENCE.multiply(q, fromRow, toRow, fromColumn, toColumn);
    }
  }

  @Override
  public String toString() {
    return "vector, " + S.vectorBitSize() + " bits";
  }

  private static void matrices(Product q, int fromRow, int toRow, int fromColumn, int toColumn) {
    VectorWorkspace workspace = VectorWorkspace.take();
    VectorPanel panel = workspace.panel();
    if (q.n < VL) {
      narrow(q, workspace, panel, fromRow, toRow);
      finish(q, fromRow, toRow, fromColumn, toColumn);
    } else if (packsB(q, toRow - fromRow, toColumn - fromColumn)) {
      packed(q, workspace, fromRow, toRow, fromColumn, toColumn);
    } else {
      direct(q, panel, fromRow, toRow, fromColumn, toColumn);
      finish(q, fromRow, toRow, fromColumn, toColumn);
    }
    panel.clear();
    workspace.release();
  }

  private static boolean packsB(Product q, int rows, int columns) {
    if (q.bColumn != 1) {
      return true;
    }
    boolean small = (long) Math.min(q.k, BLOCK) * columns <= SMALL;
    return !small && rows >= (q.bTerm >= FAR ? ROWS_IF_FAR : MANY_ROWS);
  }

  /** Reads both operands where they are. */
  private static void direct(
      Product q, VectorPanel panel, int fromRow, int toRow, int fromColumn, int toColumn) {
    boolean odd = q.isOddRow(toRow - 1);
    int rows = odd ? toRow - 1 : toRow;
    for (int start = 0; start < q.k; start += panel.terms) {
      panel.terms = q.blockLength(q.k - start);
      panel.readA(q, start);
      int b = q.bOffset + start * q.bTerm;
      int left = (toColumn - fromColumn + VL - 1) / VL;
      for (int j = fromColumn; left > 0; ) {
        int span = VectorPanel.span(left);
        left -= span;
        int last = left == 0 ? toColumn - VL - j : (span - 1) * VL;
        panel.readB(q.b, b + j, q.bTerm, last, span);
        panel.writeC(q.c, q.cOffset + j, q.ldc, last, start == 0);
        panel.multiply(fromRow, rows);
        if (odd) {
          panel.multiplyOddRow(rows);
        }
        j += span * VL;
      }
    }
  }

  /** Packs B, some columns at a time. */
  private static void packed(
      Product q, VectorWorkspace workspace, int fromRow, int toRow, int fromColumn, int toColumn) {
    VectorPanel panel = workspace.panel();
    int chunk = PACKED / Math.min(q.k, BLOCK) / SPAN * SPAN;
    for (int j = fromColumn, end; j < toColumn; j = end) {
      // No chunk is narrower than a vector.
      end = toColumn - j < chunk + SPAN ? toColumn : j + chunk;
      for (int start = 0; start < q.k; start += panel.terms) {
        panel.terms = q.blockLength(q.k - start);
        chunk(q, workspace, start, fromRow, toRow, j, end);
      }
      finish(q, fromRow, toRow, j, end);
    }
  }

  /** Packs a block of terms of some columns of B, and multiplies by it. */
  private static void chunk(
      Product q,
      VectorWorkspace workspace,
      int start,
      int fromRow,
      int toRow,
      int fromColumn,
      int toColumn) {
    VectorPanel panel = workspace.panel();
    int vectors = (toColumn - fromColumn + VL - 1) / VL;
    double[] b = workspace.b(panel.terms * vectors * VL);
    VectorPacking.packB(q, b, start, panel.terms, fromColumn, toColumn);
    boolean odd = q.isOddRow(toRow - 1);
    int rows = odd ? toRow - 1 : toRow;
    boolean packsA = VectorPanel.TALL && q.aRow == 1 && q.aTerm != 1;
    for (int block = fromRow; block < rows; block += BLOCK_ROWS) {
      int end = Math.min(block + BLOCK_ROWS, rows);
      int packedEnd = packsA ? block + (end - block) / 8 * 8 : block;
      double[] a = packsA ? workspace.a(BLOCK_ROWS * BLOCK) : null;
      for (int i = block; i < packedEnd; i += 8) {
        VectorPacking.packA(q, a, (i - block) * panel.terms, i, start, panel.terms);
      }
      int left = vectors;
      int bi = 0;
      for (int j = fromColumn; left > 0; ) {
        int span = VectorPanel.span(left);
        left -= span;
        int last = (span - 1) * VL;
        panel.readB(b, bi, span * VL, last, span);
        int cLast = left == 0 ? toColumn - VL - j : last;
        panel.writeC(q.c, q.cOffset + j, q.ldc, cLast, start == 0);
        if (packedEnd > block) {
          panel.readPackedA(a, block);
          panel.multiply(block, packedEnd);
        }
        panel.readA(q, start);
        panel.multiply(packedEnd, end);
        if (odd && end == rows) {
          panel.multiplyOddRow(rows);
        }
        j += span * VL;
        bi += span * VL * panel.terms;
      }
    }
  }

  /** Computes rows of a C that is narrower than a vector, in buffers as wide as one. */
  private static void narrow(
      Product q, VectorWorkspace workspace, VectorPanel panel, int fromRow, int toRow) {
    double[] b = workspace.b(BLOCK * VL);
    double[] c = workspace.c(NARROW_ROWS * VL);
    for (int row = fromRow; row < toRow; row += NARROW_ROWS) {
      int end = Math.min(row + NARROW_ROWS, toRow);
      boolean odd = q.isOddRow(end - 1);
      int rows = odd ? end - 1 : end;
      for (int start = 0; start < q.k; start += panel.terms) {
        panel.terms = q.blockLength(q.k - start);
        VectorPacking.padB(q, b, start, panel.terms);
        panel.readA(q, start);
        panel.readB(b, 0, VL, 0, 1);
        panel.writeC(c, -row * VL, VL, 0, start == 0);
        panel.multiply(row, rows);
        if (odd) {
          panel.multiplyOddRow(rows);
        }
      }
      for (int i = row; i < end; i++) {
        System.arraycopy(c, (i - row) * VL, q.c, q.cOffset + i * q.ldc, q.n);
      }
    }
  }

  /** Corrects the end of the odd last row, and applies the epilogue. */
  private static void finish(Product q, int fromRow, int toRow, int fromColumn, int toColumn) {
    if (q.isOddRow(toRow - 1)) {
      endOfOddRow(q, fromColumn, toColumn);
    }
    VectorEpilogue.apply(q, fromRow, toRow, fromColumn, toColumn);
  }

  /** Computes the last n % 4 elements of the odd last row, which are plain chains. */
  private static void endOfOddRow(Product q, int fromColumn, int toColumn) {
    int row = q.m - 1;
    for (int j = Math.max(fromColumn, q.n - q.n % 4); j < toColumn; j++) {
      double sum = 0.0;
      int a = q.aOffset + row * q.aRow;
      int b = q.bOffset + j * q.bColumn;
      for (int start = 0, length; start < q.k; start += length) {
        length = q.blockLength(q.k - start);
        double s = 0.0;
        for (int p = start; p < start + length; p++) {
          s = Math.fma(q.a[a + p * q.aTerm], q.b[b + p * q.bTerm], s);
        }
        sum += s;
      }
      q.c[q.cOffset + row * q.ldc + j] = sum;
    }
  }
}
