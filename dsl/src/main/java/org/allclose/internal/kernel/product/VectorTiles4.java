package org.allclose.internal.kernel.product;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/**
 * Tiles of 4 or 2 rows and 1, 2 or 3 vectors of C, for one block of terms; they fit 16 registers.
 *
 * <p>Row r of a tile takes the elements of A from {@code ai + r * aRow}, {@code aTerm} apart;
 * vector v takes those of B from {@code bi + v * VL}, except that the last one starts at {@code bi
 * + bLast}, rows {@code bTerm} apart. The sums are added to what is in {@code old}, rows {@code
 * oRow} apart, and stored in C. {@code old} is C itself, or zeros for the first block of terms. The
 * last vector of C starts at {@code cLast} and may overlap the one before: both compute the same,
 * and all of a row is read before any of it is written. Of a tile of two rows, all is; so both may
 * be the same row.
 *
 * <p>There are no branches, and {@code zero} is shared, for the sake of JDK 17: there, C2 allocates
 * vectors that are merged after a branch, and C1 gives up on methods with too many vector
 * operations, which then never reach C2.
 */
final class VectorTiles4 {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  private VectorTiles4() {}

  static void tile4x3(
      int terms,
      double[] a,
      int ai,
      int aRow,
      int aTerm,
      double[] b,
      int bi,
      int bTerm,
      int bLast,
      double[] old,
      int oi,
      int oRow,
      double[] c,
      int ci,
      int cRow,
      int cLast) {
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector s00 = zero;
    DoubleVector s01 = zero;
    DoubleVector s02 = zero;
    DoubleVector s10 = zero;
    DoubleVector s11 = zero;
    DoubleVector s12 = zero;
    DoubleVector s20 = zero;
    DoubleVector s21 = zero;
    DoubleVector s22 = zero;
    DoubleVector s30 = zero;
    DoubleVector s31 = zero;
    DoubleVector s32 = zero;
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    int x = ai;
    int y = bi;
    for (int p = 0; p < terms; p++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, y);
      DoubleVector b1 = DoubleVector.fromArray(S, b, y + VL);
      DoubleVector b2 = DoubleVector.fromArray(S, b, y + bLast);
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(b0, s00);
      s01 = t.fma(b1, s01);
      s02 = t.fma(b2, s02);
      t = DoubleVector.broadcast(S, a[x + a1]);
      s10 = t.fma(b0, s10);
      s11 = t.fma(b1, s11);
      s12 = t.fma(b2, s12);
      t = DoubleVector.broadcast(S, a[x + a2]);
      s20 = t.fma(b0, s20);
      s21 = t.fma(b1, s21);
      s22 = t.fma(b2, s22);
      t = DoubleVector.broadcast(S, a[x + a3]);
      s30 = t.fma(b0, s30);
      s31 = t.fma(b1, s31);
      s32 = t.fma(b2, s32);
      x += aTerm;
      y += bTerm;
    }
    s00 = DoubleVector.fromArray(S, old, oi).add(s00);
    s01 = DoubleVector.fromArray(S, old, oi + VL).add(s01);
    s02 = DoubleVector.fromArray(S, old, oi + cLast).add(s02);
    s00.intoArray(c, ci);
    s01.intoArray(c, ci + VL);
    s02.intoArray(c, ci + cLast);
    s10 = DoubleVector.fromArray(S, old, oi + oRow).add(s10);
    s11 = DoubleVector.fromArray(S, old, oi + oRow + VL).add(s11);
    s12 = DoubleVector.fromArray(S, old, oi + oRow + cLast).add(s12);
    s10.intoArray(c, ci + cRow);
    s11.intoArray(c, ci + cRow + VL);
    s12.intoArray(c, ci + cRow + cLast);
    s20 = DoubleVector.fromArray(S, old, oi + 2 * oRow).add(s20);
    s21 = DoubleVector.fromArray(S, old, oi + 2 * oRow + VL).add(s21);
    s22 = DoubleVector.fromArray(S, old, oi + 2 * oRow + cLast).add(s22);
    s20.intoArray(c, ci + 2 * cRow);
    s21.intoArray(c, ci + 2 * cRow + VL);
    s22.intoArray(c, ci + 2 * cRow + cLast);
    s30 = DoubleVector.fromArray(S, old, oi + 3 * oRow).add(s30);
    s31 = DoubleVector.fromArray(S, old, oi + 3 * oRow + VL).add(s31);
    s32 = DoubleVector.fromArray(S, old, oi + 3 * oRow + cLast).add(s32);
    s30.intoArray(c, ci + 3 * cRow);
    s31.intoArray(c, ci + 3 * cRow + VL);
    s32.intoArray(c, ci + 3 * cRow + cLast);
  }

  static void tile4x2(
      int terms,
      double[] a,
      int ai,
      int aRow,
      int aTerm,
      double[] b,
      int bi,
      int bTerm,
      int bLast,
      double[] old,
      int oi,
      int oRow,
      double[] c,
      int ci,
      int cRow,
      int cLast) {
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector s00 = zero;
    DoubleVector s01 = zero;
    DoubleVector s10 = zero;
    DoubleVector s11 = zero;
    DoubleVector s20 = zero;
    DoubleVector s21 = zero;
    DoubleVector s30 = zero;
    DoubleVector s31 = zero;
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    int x = ai;
    int y = bi;
    for (int p = 0; p < terms; p++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, y);
      DoubleVector b1 = DoubleVector.fromArray(S, b, y + bLast);
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(b0, s00);
      s01 = t.fma(b1, s01);
      t = DoubleVector.broadcast(S, a[x + a1]);
      s10 = t.fma(b0, s10);
      s11 = t.fma(b1, s11);
      t = DoubleVector.broadcast(S, a[x + a2]);
      s20 = t.fma(b0, s20);
      s21 = t.fma(b1, s21);
      t = DoubleVector.broadcast(S, a[x + a3]);
      s30 = t.fma(b0, s30);
      s31 = t.fma(b1, s31);
      x += aTerm;
      y += bTerm;
    }
    s00 = DoubleVector.fromArray(S, old, oi).add(s00);
    s01 = DoubleVector.fromArray(S, old, oi + cLast).add(s01);
    s00.intoArray(c, ci);
    s01.intoArray(c, ci + cLast);
    s10 = DoubleVector.fromArray(S, old, oi + oRow).add(s10);
    s11 = DoubleVector.fromArray(S, old, oi + oRow + cLast).add(s11);
    s10.intoArray(c, ci + cRow);
    s11.intoArray(c, ci + cRow + cLast);
    s20 = DoubleVector.fromArray(S, old, oi + 2 * oRow).add(s20);
    s21 = DoubleVector.fromArray(S, old, oi + 2 * oRow + cLast).add(s21);
    s20.intoArray(c, ci + 2 * cRow);
    s21.intoArray(c, ci + 2 * cRow + cLast);
    s30 = DoubleVector.fromArray(S, old, oi + 3 * oRow).add(s30);
    s31 = DoubleVector.fromArray(S, old, oi + 3 * oRow + cLast).add(s31);
    s30.intoArray(c, ci + 3 * cRow);
    s31.intoArray(c, ci + 3 * cRow + cLast);
  }

  static void tile4x1(
      int terms,
      double[] a,
      int ai,
      int aRow,
      int aTerm,
      double[] b,
      int bi,
      int bTerm,
      int bLast,
      double[] old,
      int oi,
      int oRow,
      double[] c,
      int ci,
      int cRow,
      int cLast) {
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector s00 = zero;
    DoubleVector s10 = zero;
    DoubleVector s20 = zero;
    DoubleVector s30 = zero;
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    int x = ai;
    int y = bi;
    for (int p = 0; p < terms; p++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, y);
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(b0, s00);
      t = DoubleVector.broadcast(S, a[x + a1]);
      s10 = t.fma(b0, s10);
      t = DoubleVector.broadcast(S, a[x + a2]);
      s20 = t.fma(b0, s20);
      t = DoubleVector.broadcast(S, a[x + a3]);
      s30 = t.fma(b0, s30);
      x += aTerm;
      y += bTerm;
    }
    s00 = DoubleVector.fromArray(S, old, oi).add(s00);
    s00.intoArray(c, ci);
    s10 = DoubleVector.fromArray(S, old, oi + oRow).add(s10);
    s10.intoArray(c, ci + cRow);
    s20 = DoubleVector.fromArray(S, old, oi + 2 * oRow).add(s20);
    s20.intoArray(c, ci + 2 * cRow);
    s30 = DoubleVector.fromArray(S, old, oi + 3 * oRow).add(s30);
    s30.intoArray(c, ci + 3 * cRow);
  }

  static void tile2x3(
      int terms,
      double[] a,
      int ai,
      int aRow,
      int aTerm,
      double[] b,
      int bi,
      int bTerm,
      int bLast,
      double[] old,
      int oi,
      int oRow,
      double[] c,
      int ci,
      int cRow,
      int cLast) {
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector s00 = zero;
    DoubleVector s01 = zero;
    DoubleVector s02 = zero;
    DoubleVector s10 = zero;
    DoubleVector s11 = zero;
    DoubleVector s12 = zero;
    int a1 = aRow;
    int x = ai;
    int y = bi;
    for (int p = 0; p < terms; p++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, y);
      DoubleVector b1 = DoubleVector.fromArray(S, b, y + VL);
      DoubleVector b2 = DoubleVector.fromArray(S, b, y + bLast);
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(b0, s00);
      s01 = t.fma(b1, s01);
      s02 = t.fma(b2, s02);
      t = DoubleVector.broadcast(S, a[x + a1]);
      s10 = t.fma(b0, s10);
      s11 = t.fma(b1, s11);
      s12 = t.fma(b2, s12);
      x += aTerm;
      y += bTerm;
    }
    s00 = DoubleVector.fromArray(S, old, oi).add(s00);
    s01 = DoubleVector.fromArray(S, old, oi + VL).add(s01);
    s02 = DoubleVector.fromArray(S, old, oi + cLast).add(s02);
    s10 = DoubleVector.fromArray(S, old, oi + oRow).add(s10);
    s11 = DoubleVector.fromArray(S, old, oi + oRow + VL).add(s11);
    s12 = DoubleVector.fromArray(S, old, oi + oRow + cLast).add(s12);
    s00.intoArray(c, ci);
    s01.intoArray(c, ci + VL);
    s02.intoArray(c, ci + cLast);
    s10.intoArray(c, ci + cRow);
    s11.intoArray(c, ci + cRow + VL);
    s12.intoArray(c, ci + cRow + cLast);
  }

  static void tile2x2(
      int terms,
      double[] a,
      int ai,
      int aRow,
      int aTerm,
      double[] b,
      int bi,
      int bTerm,
      int bLast,
      double[] old,
      int oi,
      int oRow,
      double[] c,
      int ci,
      int cRow,
      int cLast) {
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector s00 = zero;
    DoubleVector s01 = zero;
    DoubleVector s10 = zero;
    DoubleVector s11 = zero;
    int a1 = aRow;
    int x = ai;
    int y = bi;
    for (int p = 0; p < terms; p++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, y);
      DoubleVector b1 = DoubleVector.fromArray(S, b, y + bLast);
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(b0, s00);
      s01 = t.fma(b1, s01);
      t = DoubleVector.broadcast(S, a[x + a1]);
      s10 = t.fma(b0, s10);
      s11 = t.fma(b1, s11);
      x += aTerm;
      y += bTerm;
    }
    s00 = DoubleVector.fromArray(S, old, oi).add(s00);
    s01 = DoubleVector.fromArray(S, old, oi + cLast).add(s01);
    s10 = DoubleVector.fromArray(S, old, oi + oRow).add(s10);
    s11 = DoubleVector.fromArray(S, old, oi + oRow + cLast).add(s11);
    s00.intoArray(c, ci);
    s01.intoArray(c, ci + cLast);
    s10.intoArray(c, ci + cRow);
    s11.intoArray(c, ci + cRow + cLast);
  }

  static void tile2x1(
      int terms,
      double[] a,
      int ai,
      int aRow,
      int aTerm,
      double[] b,
      int bi,
      int bTerm,
      int bLast,
      double[] old,
      int oi,
      int oRow,
      double[] c,
      int ci,
      int cRow,
      int cLast) {
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector s00 = zero;
    DoubleVector s10 = zero;
    int a1 = aRow;
    int x = ai;
    int y = bi;
    for (int p = 0; p < terms; p++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, y);
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(b0, s00);
      t = DoubleVector.broadcast(S, a[x + a1]);
      s10 = t.fma(b0, s10);
      x += aTerm;
      y += bTerm;
    }
    s00 = DoubleVector.fromArray(S, old, oi).add(s00);
    s10 = DoubleVector.fromArray(S, old, oi + oRow).add(s10);
    s00.intoArray(c, ci);
    s10.intoArray(c, ci + cRow);
  }
}
