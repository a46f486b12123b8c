package org.allclose.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of 1, 2 or 3 vectors of the odd last row, whose elements are summed in four chains.
 *
 * <p>See {@link VectorTiles4} for the parameters.
 */
final class VectorOddRow {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  private VectorOddRow() {}

  static void tile1x3(
      int terms,
      double[] a,
      int ai,
      int aTerm,
      double[] b,
      int bi,
      int bTerm,
      int bLast,
      double[] c,
      int ci,
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
    int chained = terms - terms % 8;
    int x = ai;
    int y = bi;
    for (int p = 0; p < chained; p += 4) {
      s00 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s00);
      s01 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + VL), s01);
      s02 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + bLast), s02);
      x += aTerm;
      y += bTerm;
      s10 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s10);
      s11 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + VL), s11);
      s12 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + bLast), s12);
      x += aTerm;
      y += bTerm;
      s20 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s20);
      s21 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + VL), s21);
      s22 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + bLast), s22);
      x += aTerm;
      y += bTerm;
      s30 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s30);
      s31 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + VL), s31);
      s32 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + bLast), s32);
      x += aTerm;
      y += bTerm;
    }
    for (int p = chained; p < terms; p++) {
      s00 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s00);
      s01 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + VL), s01);
      s02 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + bLast), s02);
      x += aTerm;
      y += bTerm;
    }
    s00 = s00.add(s10).add(s20.add(s30));
    s01 = s01.add(s11).add(s21.add(s31));
    s02 = s02.add(s12).add(s22.add(s32));
    s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
    s01 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + VL)).add(s01);
    s02 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + cLast)).add(s02);
    s00.intoArray(c, ci);
    s01.intoArray(c, ci + VL);
    s02.intoArray(c, ci + cLast);
  }

  static void tile1x2(
      int terms,
      double[] a,
      int ai,
      int aTerm,
      double[] b,
      int bi,
      int bTerm,
      int bLast,
      double[] c,
      int ci,
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
    int chained = terms - terms % 8;
    int x = ai;
    int y = bi;
    for (int p = 0; p < chained; p += 4) {
      s00 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s00);
      s01 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + bLast), s01);
      x += aTerm;
      y += bTerm;
      s10 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s10);
      s11 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + bLast), s11);
      x += aTerm;
      y += bTerm;
      s20 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s20);
      s21 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + bLast), s21);
      x += aTerm;
      y += bTerm;
      s30 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s30);
      s31 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + bLast), s31);
      x += aTerm;
      y += bTerm;
    }
    for (int p = chained; p < terms; p++) {
      s00 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s00);
      s01 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y + bLast), s01);
      x += aTerm;
      y += bTerm;
    }
    s00 = s00.add(s10).add(s20.add(s30));
    s01 = s01.add(s11).add(s21.add(s31));
    s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
    s01 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci + cLast)).add(s01);
    s00.intoArray(c, ci);
    s01.intoArray(c, ci + cLast);
  }

  static void tile1x1(
      int terms,
      double[] a,
      int ai,
      int aTerm,
      double[] b,
      int bi,
      int bTerm,
      int bLast,
      double[] c,
      int ci,
      int cLast,
      boolean first) {
    DoubleVector s00 = DoubleVector.zero(S);
    DoubleVector s10 = DoubleVector.zero(S);
    DoubleVector s20 = DoubleVector.zero(S);
    DoubleVector s30 = DoubleVector.zero(S);
    int chained = terms - terms % 8;
    int x = ai;
    int y = bi;
    for (int p = 0; p < chained; p += 4) {
      s00 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s00);
      x += aTerm;
      y += bTerm;
      s10 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s10);
      x += aTerm;
      y += bTerm;
      s20 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s20);
      x += aTerm;
      y += bTerm;
      s30 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s30);
      x += aTerm;
      y += bTerm;
    }
    for (int p = chained; p < terms; p++) {
      s00 = DoubleVector.broadcast(S, a[x]).fma(DoubleVector.fromArray(S, b, y), s00);
      x += aTerm;
      y += bTerm;
    }
    s00 = s00.add(s10).add(s20.add(s30));
    s00 = (first ? DoubleVector.zero(S) : DoubleVector.fromArray(S, c, ci)).add(s00);
    s00.intoArray(c, ci);
  }
}
