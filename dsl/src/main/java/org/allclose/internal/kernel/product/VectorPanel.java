package org.allclose.internal.kernel.product;

import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/**
 * A column of tiles: the same 1, 2 or 3 vectors of B with row after row of A, for one block of
 * terms.
 *
 * <p>Belongs to a {@link VectorWorkspace}, which reuses it, and is set up part by part. Positions
 * are those of row 0; {@link VectorTiles4} says what tiles do with the fields.
 */
final class VectorPanel {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  /** Whether there are registers for tiles of 8 rows. */
  static final boolean TALL = VL == 8;

  private static final double[] ZEROS = new double[3 * VL];

  /** Terms of the block. */
  int terms;

  private int span;

  /** Row i is at {@code ai + i * aStep}; the rows of a tile that starts there, aRow apart. */
  double[] a;

  int ai;
  int aStep;
  int aRow;
  int aTerm;

  /** The vectors of a term are at {@code bi}, VL apart, the last one {@code bLast} further. */
  double[] b;

  int bi;
  int bTerm;
  int bLast;

  /** What the sums are added to. */
  double[] old;

  int oi;
  int oRow;

  /** Where the result goes. */
  double[] c;

  int ci;
  int cRow;
  int cLast;

  /**
   * Returns how many vectors the next panel has if {@code left} are left: never one after three.
   */
  static int span(int left) {
    return left == 4 || left == 2 ? 2 : Math.min(left, 3);
  }

  /** Takes A where it is. */
  void readA(Product q, int start) {
    a = q.a;
    ai = q.aOffset + start * q.aTerm;
    aStep = q.aRow;
    aRow = q.aRow;
    aTerm = q.aTerm;
  }

  /** Takes A from panels of 8 rows that begin with row {@code first}. */
  void readPackedA(double[] packed, int first) {
    a = packed;
    ai = -first * terms;
    aStep = terms;
    aRow = 1;
    aTerm = 8;
  }

  /** Takes B from a place where its rows are {@code bTerm} apart. */
  void readB(double[] b, int bi, int bTerm, int bLast, int span) {
    this.b = b;
    this.bi = bi;
    this.bTerm = bTerm;
    this.bLast = bLast;
    this.span = span;
  }

  /** Adds to C, or overwrites it. */
  void writeC(double[] c, int ci, int cRow, int cLast, boolean overwrite) {
    this.c = c;
    this.ci = ci;
    this.cRow = cRow;
    this.cLast = cLast;
    old = overwrite ? ZEROS : c;
    oi = overwrite ? 0 : ci;
    oRow = overwrite ? 0 : cRow;
  }

  /** Lets go of the arrays. */
  void clear() {
    a = null;
    b = null;
    c = null;
    old = null;
  }

  /** Computes these rows. */
  void multiply(int fromRow, int toRow) {
    int i = fromRow;
    if (TALL) {
      for (; i + 8 <= toRow; i += 8) {
        eight(i);
      }
    }
    for (; i + 4 <= toRow; i += 4) {
      four(i);
    }
    if (i + 2 <= toRow) {
      two(i, 1);
      i += 2;
    }
    if (i < toRow) {
      two(i, 0);
    }
  }

  /** Computes the odd last row, as if all its columns had four chains. */
  void multiplyOddRow(int row) {
    switch (span) {
      case 3 -> VectorOddRow.tile1x3(this, row);
      case 2 -> VectorOddRow.tile1x2(this, row);
      default -> VectorOddRow.tile1x1(this, row);
    }
  }

  private void eight(int row) {
    switch (span) {
      case 3 -> VectorTiles8.tile8x3(this, row);
      case 2 -> VectorTiles8.tile8x2(this, row);
      default -> VectorTiles8.tile8x1(this, row);
    }
  }

  private void four(int row) {
    switch (span) {
      case 3 -> VectorTiles4.tile4x3(this, row);
      case 2 -> VectorTiles4.tile4x2(this, row);
      default -> VectorTiles4.tile4x1(this, row);
    }
  }

  /** Computes two rows, which are the same where {@code second} is 0. */
  private void two(int row, int second) {
    switch (span) {
      case 3 -> VectorTiles4.tile2x3(this, row, second);
      case 2 -> VectorTiles4.tile2x2(this, row, second);
      default -> VectorTiles4.tile2x1(this, row, second);
    }
  }
}
