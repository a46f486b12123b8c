package org.allclose.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

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
      double[] c,
      int ci,
      int ldc,
      int cLast,
      boolean first) {
    DoubleVector s00 = DoubleVector.zero(S);
    DoubleVector s01 = DoubleVector.zero(S);
    DoubleVector s02 = DoubleVector.zero(S);
    DoubleVector s10 = DoubleVector.zero(S);
    DoubleVector s11 = DoubleVector.zero(S);
    DoubleVector s12 = DoubleVector.zero(S);
    DoubleVector s20 = DoubleVector.zero(S);
    DoubleVector s21 = DoubleVector.zero(S);
    DoubleVector s22 = DoubleVector.zero(S);
    DoubleVector s30 = DoubleVector.zero(S);
    DoubleVector s31 = DoubleVector.zero(S);
    DoubleVector s32 = DoubleVector.zero(S);
    DoubleVector s40 = DoubleVector.zero(S);
    DoubleVector s41 = DoubleVector.zero(S);
    DoubleVector s42 = DoubleVector.zero(S);
    DoubleVector s50 = DoubleVector.zero(S);
    DoubleVector s51 = DoubleVector.zero(S);
    DoubleVector s52 = DoubleVector.zero(S);
    DoubleVector s60 = DoubleVector.zero(S);
    DoubleVector s61 = DoubleVector.zero(S);
    DoubleVector s62 = DoubleVector.zero(S);
    DoubleVector s70 = DoubleVector.zero(S);
    DoubleVector s71 = DoubleVector.zero(S);
    DoubleVector s72 = DoubleVector.zero(S);
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
    s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
    s01 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + VL)).add(s01);
    s02 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + cLast)).add(s02);
    s00.intoArray(c, ci);
    s01.intoArray(c, ci + VL);
    s02.intoArray(c, ci + cLast);
    s10 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc)).add(s10);
    s11 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc + VL)).add(s11);
    s12 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc + cLast)).add(s12);
    s10.intoArray(c, ci + ldc);
    s11.intoArray(c, ci + ldc + VL);
    s12.intoArray(c, ci + ldc + cLast);
    s20 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc)).add(s20);
    s21 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc + VL)).add(s21);
    s22 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc + cLast))
            .add(s22);
    s20.intoArray(c, ci + 2 * ldc);
    s21.intoArray(c, ci + 2 * ldc + VL);
    s22.intoArray(c, ci + 2 * ldc + cLast);
    s30 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc)).add(s30);
    s31 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc + VL)).add(s31);
    s32 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc + cLast))
            .add(s32);
    s30.intoArray(c, ci + 3 * ldc);
    s31.intoArray(c, ci + 3 * ldc + VL);
    s32.intoArray(c, ci + 3 * ldc + cLast);
    s40 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 4 * ldc)).add(s40);
    s41 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 4 * ldc + VL)).add(s41);
    s42 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 4 * ldc + cLast))
            .add(s42);
    s40.intoArray(c, ci + 4 * ldc);
    s41.intoArray(c, ci + 4 * ldc + VL);
    s42.intoArray(c, ci + 4 * ldc + cLast);
    s50 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 5 * ldc)).add(s50);
    s51 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 5 * ldc + VL)).add(s51);
    s52 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 5 * ldc + cLast))
            .add(s52);
    s50.intoArray(c, ci + 5 * ldc);
    s51.intoArray(c, ci + 5 * ldc + VL);
    s52.intoArray(c, ci + 5 * ldc + cLast);
    s60 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 6 * ldc)).add(s60);
    s61 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 6 * ldc + VL)).add(s61);
    s62 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 6 * ldc + cLast))
            .add(s62);
    s60.intoArray(c, ci + 6 * ldc);
    s61.intoArray(c, ci + 6 * ldc + VL);
    s62.intoArray(c, ci + 6 * ldc + cLast);
    s70 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 7 * ldc)).add(s70);
    s71 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 7 * ldc + VL)).add(s71);
    s72 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 7 * ldc + cLast))
            .add(s72);
    s70.intoArray(c, ci + 7 * ldc);
    s71.intoArray(c, ci + 7 * ldc + VL);
    s72.intoArray(c, ci + 7 * ldc + cLast);
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
      double[] c,
      int ci,
      int ldc,
      int cLast,
      boolean first) {
    DoubleVector s00 = DoubleVector.zero(S);
    DoubleVector s01 = DoubleVector.zero(S);
    DoubleVector s10 = DoubleVector.zero(S);
    DoubleVector s11 = DoubleVector.zero(S);
    DoubleVector s20 = DoubleVector.zero(S);
    DoubleVector s21 = DoubleVector.zero(S);
    DoubleVector s30 = DoubleVector.zero(S);
    DoubleVector s31 = DoubleVector.zero(S);
    DoubleVector s40 = DoubleVector.zero(S);
    DoubleVector s41 = DoubleVector.zero(S);
    DoubleVector s50 = DoubleVector.zero(S);
    DoubleVector s51 = DoubleVector.zero(S);
    DoubleVector s60 = DoubleVector.zero(S);
    DoubleVector s61 = DoubleVector.zero(S);
    DoubleVector s70 = DoubleVector.zero(S);
    DoubleVector s71 = DoubleVector.zero(S);
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
    s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
    s01 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + cLast)).add(s01);
    s00.intoArray(c, ci);
    s01.intoArray(c, ci + cLast);
    s10 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc)).add(s10);
    s11 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc + cLast)).add(s11);
    s10.intoArray(c, ci + ldc);
    s11.intoArray(c, ci + ldc + cLast);
    s20 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc)).add(s20);
    s21 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc + cLast))
            .add(s21);
    s20.intoArray(c, ci + 2 * ldc);
    s21.intoArray(c, ci + 2 * ldc + cLast);
    s30 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc)).add(s30);
    s31 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc + cLast))
            .add(s31);
    s30.intoArray(c, ci + 3 * ldc);
    s31.intoArray(c, ci + 3 * ldc + cLast);
    s40 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 4 * ldc)).add(s40);
    s41 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 4 * ldc + cLast))
            .add(s41);
    s40.intoArray(c, ci + 4 * ldc);
    s41.intoArray(c, ci + 4 * ldc + cLast);
    s50 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 5 * ldc)).add(s50);
    s51 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 5 * ldc + cLast))
            .add(s51);
    s50.intoArray(c, ci + 5 * ldc);
    s51.intoArray(c, ci + 5 * ldc + cLast);
    s60 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 6 * ldc)).add(s60);
    s61 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 6 * ldc + cLast))
            .add(s61);
    s60.intoArray(c, ci + 6 * ldc);
    s61.intoArray(c, ci + 6 * ldc + cLast);
    s70 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 7 * ldc)).add(s70);
    s71 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 7 * ldc + cLast))
            .add(s71);
    s70.intoArray(c, ci + 7 * ldc);
    s71.intoArray(c, ci + 7 * ldc + cLast);
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
      double[] c,
      int ci,
      int ldc,
      int cLast,
      boolean first) {
    DoubleVector s00 = DoubleVector.zero(S);
    DoubleVector s10 = DoubleVector.zero(S);
    DoubleVector s20 = DoubleVector.zero(S);
    DoubleVector s30 = DoubleVector.zero(S);
    DoubleVector s40 = DoubleVector.zero(S);
    DoubleVector s50 = DoubleVector.zero(S);
    DoubleVector s60 = DoubleVector.zero(S);
    DoubleVector s70 = DoubleVector.zero(S);
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
    s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
    s00.intoArray(c, ci);
    s10 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc)).add(s10);
    s10.intoArray(c, ci + ldc);
    s20 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc)).add(s20);
    s20.intoArray(c, ci + 2 * ldc);
    s30 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc)).add(s30);
    s30.intoArray(c, ci + 3 * ldc);
    s40 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 4 * ldc)).add(s40);
    s40.intoArray(c, ci + 4 * ldc);
    s50 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 5 * ldc)).add(s50);
    s50.intoArray(c, ci + 5 * ldc);
    s60 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 6 * ldc)).add(s60);
    s60.intoArray(c, ci + 6 * ldc);
    s70 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 7 * ldc)).add(s70);
    s70.intoArray(c, ci + 7 * ldc);
  }
}
