package org.allclose.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of 4 or 2 rows and 1, 2 or 3 vectors of C, for one block of terms; they fit 16 registers.
 *
 * <p>Row r of the tile takes the elements of A from {@code ai + r * aRow}, {@code aTerm} apart;
 * vector v the elements of B from {@code bi + v * VL}, except that the last vector starts at {@code
 * bi + bLast}, rows {@code bTerm} apart; C likewise from {@code ci} with {@code cLast}. So the last
 * vector of C may overlap the one before: both then compute the same, and all of a row is read
 * before any of it is written. {@code first} says that C is to be overwritten, not added to; the
 * sum is added to 0 then, which makes -0.0 positive. The first {@code skip} rows are not stored.
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
      double[] c,
      int ci,
      int ldc,
      int cLast,
      boolean first,
      int skip) {
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
    if (skip <= 0) {
      s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
      s01 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + VL)).add(s01);
      s02 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + cLast)).add(s02);
      s00.intoArray(c, ci);
      s01.intoArray(c, ci + VL);
      s02.intoArray(c, ci + cLast);
    }
    if (skip <= 1) {
      s10 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc)).add(s10);
      s11 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc + VL)).add(s11);
      s12 =
          (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc + cLast)).add(s12);
      s10.intoArray(c, ci + ldc);
      s11.intoArray(c, ci + ldc + VL);
      s12.intoArray(c, ci + ldc + cLast);
    }
    if (skip <= 2) {
      s20 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc)).add(s20);
      s21 =
          (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc + VL)).add(s21);
      s22 =
          (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc + cLast))
              .add(s22);
      s20.intoArray(c, ci + 2 * ldc);
      s21.intoArray(c, ci + 2 * ldc + VL);
      s22.intoArray(c, ci + 2 * ldc + cLast);
    }
    s30 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc)).add(s30);
    s31 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc + VL)).add(s31);
    s32 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc + cLast))
            .add(s32);
    s30.intoArray(c, ci + 3 * ldc);
    s31.intoArray(c, ci + 3 * ldc + VL);
    s32.intoArray(c, ci + 3 * ldc + cLast);
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
      double[] c,
      int ci,
      int ldc,
      int cLast,
      boolean first,
      int skip) {
    DoubleVector s00 = DoubleVector.zero(S);
    DoubleVector s01 = DoubleVector.zero(S);
    DoubleVector s10 = DoubleVector.zero(S);
    DoubleVector s11 = DoubleVector.zero(S);
    DoubleVector s20 = DoubleVector.zero(S);
    DoubleVector s21 = DoubleVector.zero(S);
    DoubleVector s30 = DoubleVector.zero(S);
    DoubleVector s31 = DoubleVector.zero(S);
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
    if (skip <= 0) {
      s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
      s01 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + cLast)).add(s01);
      s00.intoArray(c, ci);
      s01.intoArray(c, ci + cLast);
    }
    if (skip <= 1) {
      s10 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc)).add(s10);
      s11 =
          (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc + cLast)).add(s11);
      s10.intoArray(c, ci + ldc);
      s11.intoArray(c, ci + ldc + cLast);
    }
    if (skip <= 2) {
      s20 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc)).add(s20);
      s21 =
          (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc + cLast))
              .add(s21);
      s20.intoArray(c, ci + 2 * ldc);
      s21.intoArray(c, ci + 2 * ldc + cLast);
    }
    s30 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc)).add(s30);
    s31 =
        (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc + cLast))
            .add(s31);
    s30.intoArray(c, ci + 3 * ldc);
    s31.intoArray(c, ci + 3 * ldc + cLast);
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
      double[] c,
      int ci,
      int ldc,
      int cLast,
      boolean first,
      int skip) {
    DoubleVector s00 = DoubleVector.zero(S);
    DoubleVector s10 = DoubleVector.zero(S);
    DoubleVector s20 = DoubleVector.zero(S);
    DoubleVector s30 = DoubleVector.zero(S);
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
    if (skip <= 0) {
      s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
      s00.intoArray(c, ci);
    }
    if (skip <= 1) {
      s10 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc)).add(s10);
      s10.intoArray(c, ci + ldc);
    }
    if (skip <= 2) {
      s20 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 2 * ldc)).add(s20);
      s20.intoArray(c, ci + 2 * ldc);
    }
    s30 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + 3 * ldc)).add(s30);
    s30.intoArray(c, ci + 3 * ldc);
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
      double[] c,
      int ci,
      int ldc,
      int cLast,
      boolean first,
      int skip) {
    DoubleVector s00 = DoubleVector.zero(S);
    DoubleVector s01 = DoubleVector.zero(S);
    DoubleVector s02 = DoubleVector.zero(S);
    DoubleVector s10 = DoubleVector.zero(S);
    DoubleVector s11 = DoubleVector.zero(S);
    DoubleVector s12 = DoubleVector.zero(S);
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
    if (skip <= 0) {
      s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
      s01 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + VL)).add(s01);
      s02 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + cLast)).add(s02);
      s00.intoArray(c, ci);
      s01.intoArray(c, ci + VL);
      s02.intoArray(c, ci + cLast);
    }
    s10 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc)).add(s10);
    s11 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc + VL)).add(s11);
    s12 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc + cLast)).add(s12);
    s10.intoArray(c, ci + ldc);
    s11.intoArray(c, ci + ldc + VL);
    s12.intoArray(c, ci + ldc + cLast);
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
      double[] c,
      int ci,
      int ldc,
      int cLast,
      boolean first,
      int skip) {
    DoubleVector s00 = DoubleVector.zero(S);
    DoubleVector s01 = DoubleVector.zero(S);
    DoubleVector s10 = DoubleVector.zero(S);
    DoubleVector s11 = DoubleVector.zero(S);
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
    if (skip <= 0) {
      s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
      s01 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + cLast)).add(s01);
      s00.intoArray(c, ci);
      s01.intoArray(c, ci + cLast);
    }
    s10 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc)).add(s10);
    s11 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc + cLast)).add(s11);
    s10.intoArray(c, ci + ldc);
    s11.intoArray(c, ci + ldc + cLast);
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
      double[] c,
      int ci,
      int ldc,
      int cLast,
      boolean first,
      int skip) {
    DoubleVector s00 = DoubleVector.zero(S);
    DoubleVector s10 = DoubleVector.zero(S);
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
    if (skip <= 0) {
      s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
      s00.intoArray(c, ci);
    }
    s10 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + ldc)).add(s10);
    s10.intoArray(c, ci + ldc);
  }
}
