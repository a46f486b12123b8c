package org.allclose.kernel;

import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix products with the Vector API.
 *
 * <p>C is covered with tiles of 8 (or 4) rows and up to 3 vectors, whose sums stay in registers for
 * a block of terms; a tile reads elements of A and vectors of B. Small operands are read where they
 * are. Larger ones, and transposed ones of B, are packed in the order in which tiles read them: B
 * for a block of terms and some hundred columns, which stay in the second-level cache, A for one
 * row of tiles at a time. Rows and columns that fill no tile are covered by tiles that overlap
 * their neighbours, see {@link VectorTiles4}.
 */
final class VectorProductKernel implements ProductKernel {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  /** Columns of a full tile. */
  private static final int SPAN = 3 * VL;

  /** Whether there are registers for tiles of 8 rows. */
  private static final boolean TALL = VL == 8;

  /** Columns of B that are packed at a time. */
  private static final int CHUNK = Integer.getInteger("t.chunk", 240);

  private static final int PACK_B_ROWS = Integer.getInteger("t.packrows", 48);
  private static final int PACK_B_SIZE = Integer.getInteger("t.packsize", 65536);
  private static final int PACK_A = Integer.getInteger("t.packa", 0);

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
      case GENERAL, SYMMETRIC -> {
        if (q.n < VL) {
          narrow(q, fromRow, toRow);
        } else {
          general(q, fromRow, toRow, fromColumn, toColumn);
        }
        if (q.isOddRow(toRow - 1)) {
          endOfOddRow(q, fromColumn, toColumn);
        }
        q.epilogue.apply(q, fromRow, toRow, fromColumn, toColumn);
      }
      case VECTOR_ALONG_OUTPUTS -> {
        int from = q.m == 1 ? fromColumn : fromRow;
        int to = q.m == 1 ? toColumn : toRow;
        VectorByMatrix.alongOutputs(q, from, to);
        q.epilogue.apply(q, fromRow, toRow, fromColumn, toColumn);
      }
      case VECTOR_ALONG_TERMS -> {
        int from = q.m == 1 ? fromColumn : fromRow;
        int to = q.m == 1 ? toColumn : toRow;
        VectorByMatrix.alongTerms(q, from, to);
        q.epilogue.apply(q, fromRow, toRow, fromColumn, toColumn);
      }
      default -> REFERENCE.multiply(q, fromRow, toRow, fromColumn, toColumn);
    }
  }

  private static void general(Product q, int fromRow, int toRow, int fromColumn, int toColumn) {
    int rows = toRow - fromRow;
    boolean far = (long) Math.min(q.k, 256) * (toColumn - fromColumn) > PACK_B_SIZE;
    boolean packB = q.bColumn != 1 || (far && rows >= PACK_B_ROWS);
    if (!packB) {
      for (int start = 0, length; start < q.k; start += length) {
        length = q.blockLength(q.k - start);
        direct(q, start, length, fromRow, toRow, fromColumn, toColumn);
      }
      return;
    }
    Workspace workspace = Workspace.take();
    for (int j = fromColumn, width; j < toColumn; j += width) {
      width = toColumn - j < CHUNK + SPAN ? toColumn - j : CHUNK;
      for (int start = 0, length; start < q.k; start += length) {
        length = q.blockLength(q.k - start);
        packed(q, workspace, start, length, fromRow, toRow, j, j + width);
      }
    }
    workspace.release();
  }

  /**
   * Returns how many vectors the next tile spans if {@code left} are left: never one after three.
   */
  private static int span(int left) {
    return left == 4 || left == 2 ? 2 : Math.min(left, 3);
  }

  private static void direct(
      Product q, int start, int length, int fromRow, int toRow, int fromColumn, int toColumn) {
    int b = q.bOffset + start * q.bTerm;
    int a = q.aOffset + start * q.aTerm;
    boolean odd = q.isOddRow(toRow - 1);
    int rows = odd ? toRow - 1 : toRow;
    int left = (toColumn - fromColumn + VL - 1) / VL;
    for (int j = fromColumn; left > 0; ) {
      int span = span(left);
      left -= span;
      int last = left == 0 ? toColumn - VL - j : (span - 1) * VL;
      int c = q.cOffset + j;
      for (int i = fromRow; i < rows; ) {
        i =
            tile(
                span,
                rows - i,
                rows,
                length,
                q.a,
                a,
                i * q.aRow,
                q.aRow,
                q.aTerm,
                q.b,
                b + j,
                q.bTerm,
                last,
                q.c,
                c,
                i,
                q.ldc,
                last,
                start == 0);
      }
      if (odd) {
        oddTile(q, span, start, length, q.b, b + j, q.bTerm, last, q.c, c + rows * q.ldc, last);
      }
      j += span * VL;
    }
  }

  private static void packed(
      Product q,
      Workspace workspace,
      int start,
      int length,
      int fromRow,
      int toRow,
      int fromColumn,
      int toColumn) {
    int vectors = (toColumn - fromColumn + VL - 1) / VL;
    double[] b = workspace.b(length * vectors * VL);
    VectorPacking.packB(q, b, start, length, fromColumn, toColumn);
    int a = q.aOffset + start * q.aTerm;
    boolean packA = PACK_A == 1 || (PACK_A == 0 && q.aRow == 1);
    double[] pa = packA ? workspace.a(8 * 256) : null;
    boolean odd = q.isOddRow(toRow - 1);
    int rows = odd ? toRow - 1 : toRow;
    for (int i = fromRow; i < toRow; ) {
      int next = i;
      int left = vectors;
      int panel = 0;
      boolean full = packA && TALL && rows - i >= 8;
      if (full) {
        VectorPacking.packA(q, pa, i, start, length);
      }
      for (int j = fromColumn; left > 0; ) {
        int span = span(left);
        left -= span;
        int last = (span - 1) * VL;
        int cLast = left == 0 ? toColumn - VL - j : last;
        if (i == rows) {
          oddTile(
              q,
              span,
              start,
              length,
              b,
              panel,
              span * VL,
              last,
              q.c,
              q.cOffset + i * q.ldc + j,
              cLast);
          next = i + 1;
        } else if (full) {
          next =
              tile(
                  span,
                  rows - i,
                  rows,
                  length,
                  pa,
                  0,
                  0,
                  1,
                  8,
                  b,
                  panel,
                  span * VL,
                  last,
                  q.c,
                  q.cOffset + j,
                  i,
                  q.ldc,
                  cLast,
                  start == 0);
        } else {
          next =
              tile(
                  span,
                  rows - i,
                  rows,
                  length,
                  q.a,
                  a,
                  i * q.aRow,
                  q.aRow,
                  q.aTerm,
                  b,
                  panel,
                  span * VL,
                  last,
                  q.c,
                  q.cOffset + j,
                  i,
                  q.ldc,
                  cLast,
                  start == 0);
        }
        j += span * VL;
        panel += span * VL * length;
      }
      i = next;
    }
  }

  /** Computes a tile that starts at row i, and returns the row after it. */
  private static int tile(
      int span,
      int left,
      int end,
      int length,
      double[] a,
      int aStart,
      int aFirst,
      int aRow,
      int aTerm,
      double[] b,
      int bStart,
      int bTerm,
      int bLast,
      double[] c,
      int cStart,
      int i,
      int ldc,
      int cLast,
      boolean first) {
    if (TALL && left >= 8) {
      int ai = aStart + aFirst;
      int ci = cStart + i * ldc;
      switch (span) {
        case 3 ->
            VectorTiles8.tile8x3(
                length, a, ai, aRow, aTerm, b, bStart, bTerm, bLast, c, ci, ldc, cLast, first);
        case 2 ->
            VectorTiles8.tile8x2(
                length, a, ai, aRow, aTerm, b, bStart, bTerm, bLast, c, ci, ldc, cLast, first);
        default ->
            VectorTiles8.tile8x1(
                length, a, ai, aRow, aTerm, b, bStart, bTerm, bLast, c, ci, ldc, cLast, first);
      }
      return i + 8;
    }
    boolean four = left >= 3 && end >= 4;
    int skip = four ? Math.max(0, 4 - left) : Math.max(0, 2 - left);
    int ai = aStart + aFirst - skip * aRow;
    int ci = cStart + (i - skip) * ldc;
    if (four) {
      switch (span) {
        case 3 ->
            VectorTiles4.tile4x3(
                length, a, ai, aRow, aTerm, b, bStart, bTerm, bLast, c, ci, ldc, cLast, first,
                skip);
        case 2 ->
            VectorTiles4.tile4x2(
                length, a, ai, aRow, aTerm, b, bStart, bTerm, bLast, c, ci, ldc, cLast, first,
                skip);
        default ->
            VectorTiles4.tile4x1(
                length, a, ai, aRow, aTerm, b, bStart, bTerm, bLast, c, ci, ldc, cLast, first,
                skip);
      }
      return i + 4 - skip;
    }
    switch (span) {
      case 3 ->
          VectorTiles4.tile2x3(
              length, a, ai, aRow, aTerm, b, bStart, bTerm, bLast, c, ci, ldc, cLast, first, skip);
      case 2 ->
          VectorTiles4.tile2x2(
              length, a, ai, aRow, aTerm, b, bStart, bTerm, bLast, c, ci, ldc, cLast, first, skip);
      default ->
          VectorTiles4.tile2x1(
              length, a, ai, aRow, aTerm, b, bStart, bTerm, bLast, c, ci, ldc, cLast, first, skip);
    }
    return i + 2 - skip;
  }

  /** Computes rows of a C that is narrower than a vector, in buffers as wide as one. */
  private static void narrow(Product q, int fromRow, int toRow) {
    Workspace workspace = Workspace.take();
    double[] b = workspace.b(256 * VL);
    double[] c = workspace.c(NARROW_ROWS * VL);
    for (int row = fromRow; row < toRow; row += NARROW_ROWS) {
      int end = Math.min(row + NARROW_ROWS, toRow);
      boolean odd = q.isOddRow(end - 1);
      int rows = odd ? end - 1 : end;
      for (int start = 0, length; start < q.k; start += length) {
        length = q.blockLength(q.k - start);
        VectorPacking.padB(q, b, start, length);
        int a = q.aOffset + start * q.aTerm;
        for (int i = row; i < rows; ) {
          i =
              tile(
                  1,
                  rows - i,
                  rows,
                  length,
                  q.a,
                  a,
                  i * q.aRow,
                  q.aRow,
                  q.aTerm,
                  b,
                  0,
                  VL,
                  0,
                  c,
                  -row * VL,
                  i,
                  VL,
                  0,
                  start == 0);
        }
        if (odd) {
          oddTile(q, 1, start, length, b, 0, VL, 0, c, (rows - row) * VL, 0);
        }
      }
      for (int i = row; i < end; i++) {
        System.arraycopy(c, (i - row) * VL, q.c, q.cOffset + i * q.ldc, q.n);
      }
    }
    workspace.release();
  }

  /** Computes a tile of the odd last row, as if it had four chains in all columns. */
  private static void oddTile(
      Product q,
      int span,
      int start,
      int length,
      double[] b,
      int bi,
      int bTerm,
      int bLast,
      double[] c,
      int ci,
      int cLast) {
    int ai = q.aOffset + (q.m - 1) * q.aRow + start * q.aTerm;
    boolean first = start == 0;
    switch (span) {
      case 3 ->
          VectorOddRow.tile1x3(length, q.a, ai, q.aTerm, b, bi, bTerm, bLast, c, ci, cLast, first);
      case 2 ->
          VectorOddRow.tile1x2(length, q.a, ai, q.aTerm, b, bi, bTerm, bLast, c, ci, cLast, first);
      default ->
          VectorOddRow.tile1x1(length, q.a, ai, q.aTerm, b, bi, bTerm, bLast, c, ci, cLast, first);
    }
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

  @Override
  public String toString() {
    return "vector, " + S.vectorBitSize() + " bits";
  }
}
