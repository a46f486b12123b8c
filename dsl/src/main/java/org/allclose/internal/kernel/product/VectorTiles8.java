package org.allclose.internal.kernel.product;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/**
 * Tiles of 8 rows and 1, 2 or 3 vectors of C, for one block of terms.
 *
 * <p>Every sum lives in a register of its own, so the loops are written out: C2 keeps vectors in
 * registers only as local variables. 24 sums, 3 vectors of B and an element of A fill the 32
 * registers of AVX-512. See {@link VectorTiles4} for the parameters.
 */
final class VectorTiles8 {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  private VectorTiles8() {}

  static void tile8x3(
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
    DoubleVector s40 = zero;
    DoubleVector s41 = zero;
    DoubleVector s42 = zero;
    DoubleVector s50 = zero;
    DoubleVector s51 = zero;
    DoubleVector s52 = zero;
    DoubleVector s60 = zero;
    DoubleVector s61 = zero;
    DoubleVector s62 = zero;
    DoubleVector s70 = zero;
    DoubleVector s71 = zero;
    DoubleVector s72 = zero;
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    int a4 = 4 * aRow;
    int a5 = 5 * aRow;
    int a6 = 6 * aRow;
    int a7 = 7 * aRow;
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
      t = DoubleVector.broadcast(S, a[x + a4]);
      s40 = t.fma(b0, s40);
      s41 = t.fma(b1, s41);
      s42 = t.fma(b2, s42);
      t = DoubleVector.broadcast(S, a[x + a5]);
      s50 = t.fma(b0, s50);
      s51 = t.fma(b1, s51);
      s52 = t.fma(b2, s52);
      t = DoubleVector.broadcast(S, a[x + a6]);
      s60 = t.fma(b0, s60);
      s61 = t.fma(b1, s61);
      s62 = t.fma(b2, s62);
      t = DoubleVector.broadcast(S, a[x + a7]);
      s70 = t.fma(b0, s70);
      s71 = t.fma(b1, s71);
      s72 = t.fma(b2, s72);
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
    s40 = DoubleVector.fromArray(S, old, oi + 4 * oRow).add(s40);
    s41 = DoubleVector.fromArray(S, old, oi + 4 * oRow + VL).add(s41);
    s42 = DoubleVector.fromArray(S, old, oi + 4 * oRow + cLast).add(s42);
    s40.intoArray(c, ci + 4 * cRow);
    s41.intoArray(c, ci + 4 * cRow + VL);
    s42.intoArray(c, ci + 4 * cRow + cLast);
    s50 = DoubleVector.fromArray(S, old, oi + 5 * oRow).add(s50);
    s51 = DoubleVector.fromArray(S, old, oi + 5 * oRow + VL).add(s51);
    s52 = DoubleVector.fromArray(S, old, oi + 5 * oRow + cLast).add(s52);
    s50.intoArray(c, ci + 5 * cRow);
    s51.intoArray(c, ci + 5 * cRow + VL);
    s52.intoArray(c, ci + 5 * cRow + cLast);
    s60 = DoubleVector.fromArray(S, old, oi + 6 * oRow).add(s60);
    s61 = DoubleVector.fromArray(S, old, oi + 6 * oRow + VL).add(s61);
    s62 = DoubleVector.fromArray(S, old, oi + 6 * oRow + cLast).add(s62);
    s60.intoArray(c, ci + 6 * cRow);
    s61.intoArray(c, ci + 6 * cRow + VL);
    s62.intoArray(c, ci + 6 * cRow + cLast);
    s70 = DoubleVector.fromArray(S, old, oi + 7 * oRow).add(s70);
    s71 = DoubleVector.fromArray(S, old, oi + 7 * oRow + VL).add(s71);
    s72 = DoubleVector.fromArray(S, old, oi + 7 * oRow + cLast).add(s72);
    s70.intoArray(c, ci + 7 * cRow);
    s71.intoArray(c, ci + 7 * cRow + VL);
    s72.intoArray(c, ci + 7 * cRow + cLast);
  }

  static void tile8x2(
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
    DoubleVector s40 = zero;
    DoubleVector s41 = zero;
    DoubleVector s50 = zero;
    DoubleVector s51 = zero;
    DoubleVector s60 = zero;
    DoubleVector s61 = zero;
    DoubleVector s70 = zero;
    DoubleVector s71 = zero;
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    int a4 = 4 * aRow;
    int a5 = 5 * aRow;
    int a6 = 6 * aRow;
    int a7 = 7 * aRow;
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
      t = DoubleVector.broadcast(S, a[x + a4]);
      s40 = t.fma(b0, s40);
      s41 = t.fma(b1, s41);
      t = DoubleVector.broadcast(S, a[x + a5]);
      s50 = t.fma(b0, s50);
      s51 = t.fma(b1, s51);
      t = DoubleVector.broadcast(S, a[x + a6]);
      s60 = t.fma(b0, s60);
      s61 = t.fma(b1, s61);
      t = DoubleVector.broadcast(S, a[x + a7]);
      s70 = t.fma(b0, s70);
      s71 = t.fma(b1, s71);
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
    s40 = DoubleVector.fromArray(S, old, oi + 4 * oRow).add(s40);
    s41 = DoubleVector.fromArray(S, old, oi + 4 * oRow + cLast).add(s41);
    s40.intoArray(c, ci + 4 * cRow);
    s41.intoArray(c, ci + 4 * cRow + cLast);
    s50 = DoubleVector.fromArray(S, old, oi + 5 * oRow).add(s50);
    s51 = DoubleVector.fromArray(S, old, oi + 5 * oRow + cLast).add(s51);
    s50.intoArray(c, ci + 5 * cRow);
    s51.intoArray(c, ci + 5 * cRow + cLast);
    s60 = DoubleVector.fromArray(S, old, oi + 6 * oRow).add(s60);
    s61 = DoubleVector.fromArray(S, old, oi + 6 * oRow + cLast).add(s61);
    s60.intoArray(c, ci + 6 * cRow);
    s61.intoArray(c, ci + 6 * cRow + cLast);
    s70 = DoubleVector.fromArray(S, old, oi + 7 * oRow).add(s70);
    s71 = DoubleVector.fromArray(S, old, oi + 7 * oRow + cLast).add(s71);
    s70.intoArray(c, ci + 7 * cRow);
    s71.intoArray(c, ci + 7 * cRow + cLast);
  }

  static void tile8x1(
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
    DoubleVector s40 = zero;
    DoubleVector s50 = zero;
    DoubleVector s60 = zero;
    DoubleVector s70 = zero;
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    int a4 = 4 * aRow;
    int a5 = 5 * aRow;
    int a6 = 6 * aRow;
    int a7 = 7 * aRow;
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
      t = DoubleVector.broadcast(S, a[x + a4]);
      s40 = t.fma(b0, s40);
      t = DoubleVector.broadcast(S, a[x + a5]);
      s50 = t.fma(b0, s50);
      t = DoubleVector.broadcast(S, a[x + a6]);
      s60 = t.fma(b0, s60);
      t = DoubleVector.broadcast(S, a[x + a7]);
      s70 = t.fma(b0, s70);
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
    s40 = DoubleVector.fromArray(S, old, oi + 4 * oRow).add(s40);
    s40.intoArray(c, ci + 4 * cRow);
    s50 = DoubleVector.fromArray(S, old, oi + 5 * oRow).add(s50);
    s50.intoArray(c, ci + 5 * cRow);
    s60 = DoubleVector.fromArray(S, old, oi + 6 * oRow).add(s60);
    s60.intoArray(c, ci + 6 * cRow);
    s70 = DoubleVector.fromArray(S, old, oi + 7 * oRow).add(s70);
    s70.intoArray(c, ci + 7 * cRow);
  }
}
