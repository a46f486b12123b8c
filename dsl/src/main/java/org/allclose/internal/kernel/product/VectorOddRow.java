package org.allclose.internal.kernel.product;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

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
      double[] old,
      int oi,
      double[] c,
      int ci,
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
    int chained = terms - terms % 8;
    int x = ai;
    int y = bi;
    for (int p = 0; p < chained; p += 4) {
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(DoubleVector.fromArray(S, b, y), s00);
      s01 = t.fma(DoubleVector.fromArray(S, b, y + VL), s01);
      s02 = t.fma(DoubleVector.fromArray(S, b, y + bLast), s02);
      x += aTerm;
      y += bTerm;
      t = DoubleVector.broadcast(S, a[x]);
      s10 = t.fma(DoubleVector.fromArray(S, b, y), s10);
      s11 = t.fma(DoubleVector.fromArray(S, b, y + VL), s11);
      s12 = t.fma(DoubleVector.fromArray(S, b, y + bLast), s12);
      x += aTerm;
      y += bTerm;
      t = DoubleVector.broadcast(S, a[x]);
      s20 = t.fma(DoubleVector.fromArray(S, b, y), s20);
      s21 = t.fma(DoubleVector.fromArray(S, b, y + VL), s21);
      s22 = t.fma(DoubleVector.fromArray(S, b, y + bLast), s22);
      x += aTerm;
      y += bTerm;
      t = DoubleVector.broadcast(S, a[x]);
      s30 = t.fma(DoubleVector.fromArray(S, b, y), s30);
      s31 = t.fma(DoubleVector.fromArray(S, b, y + VL), s31);
      s32 = t.fma(DoubleVector.fromArray(S, b, y + bLast), s32);
      x += aTerm;
      y += bTerm;
    }
    for (int p = chained; p < terms; p++) {
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(DoubleVector.fromArray(S, b, y), s00);
      s01 = t.fma(DoubleVector.fromArray(S, b, y + VL), s01);
      s02 = t.fma(DoubleVector.fromArray(S, b, y + bLast), s02);
      x += aTerm;
      y += bTerm;
    }
    s00 = s00.add(s10).add(s20.add(s30));
    s01 = s01.add(s11).add(s21.add(s31));
    s02 = s02.add(s12).add(s22.add(s32));
    s00 = DoubleVector.fromArray(S, old, oi).add(s00);
    s01 = DoubleVector.fromArray(S, old, oi + VL).add(s01);
    s02 = DoubleVector.fromArray(S, old, oi + cLast).add(s02);
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
      double[] old,
      int oi,
      double[] c,
      int ci,
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
    int chained = terms - terms % 8;
    int x = ai;
    int y = bi;
    for (int p = 0; p < chained; p += 4) {
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(DoubleVector.fromArray(S, b, y), s00);
      s01 = t.fma(DoubleVector.fromArray(S, b, y + bLast), s01);
      x += aTerm;
      y += bTerm;
      t = DoubleVector.broadcast(S, a[x]);
      s10 = t.fma(DoubleVector.fromArray(S, b, y), s10);
      s11 = t.fma(DoubleVector.fromArray(S, b, y + bLast), s11);
      x += aTerm;
      y += bTerm;
      t = DoubleVector.broadcast(S, a[x]);
      s20 = t.fma(DoubleVector.fromArray(S, b, y), s20);
      s21 = t.fma(DoubleVector.fromArray(S, b, y + bLast), s21);
      x += aTerm;
      y += bTerm;
      t = DoubleVector.broadcast(S, a[x]);
      s30 = t.fma(DoubleVector.fromArray(S, b, y), s30);
      s31 = t.fma(DoubleVector.fromArray(S, b, y + bLast), s31);
      x += aTerm;
      y += bTerm;
    }
    for (int p = chained; p < terms; p++) {
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(DoubleVector.fromArray(S, b, y), s00);
      s01 = t.fma(DoubleVector.fromArray(S, b, y + bLast), s01);
      x += aTerm;
      y += bTerm;
    }
    s00 = s00.add(s10).add(s20.add(s30));
    s01 = s01.add(s11).add(s21.add(s31));
    s00 = DoubleVector.fromArray(S, old, oi).add(s00);
    s01 = DoubleVector.fromArray(S, old, oi + cLast).add(s01);
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
      double[] old,
      int oi,
      double[] c,
      int ci,
      int cLast) {
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector s00 = zero;
    DoubleVector s10 = zero;
    DoubleVector s20 = zero;
    DoubleVector s30 = zero;
    int chained = terms - terms % 8;
    int x = ai;
    int y = bi;
    for (int p = 0; p < chained; p += 4) {
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(DoubleVector.fromArray(S, b, y), s00);
      x += aTerm;
      y += bTerm;
      t = DoubleVector.broadcast(S, a[x]);
      s10 = t.fma(DoubleVector.fromArray(S, b, y), s10);
      x += aTerm;
      y += bTerm;
      t = DoubleVector.broadcast(S, a[x]);
      s20 = t.fma(DoubleVector.fromArray(S, b, y), s20);
      x += aTerm;
      y += bTerm;
      t = DoubleVector.broadcast(S, a[x]);
      s30 = t.fma(DoubleVector.fromArray(S, b, y), s30);
      x += aTerm;
      y += bTerm;
    }
    for (int p = chained; p < terms; p++) {
      DoubleVector t = DoubleVector.broadcast(S, a[x]);
      s00 = t.fma(DoubleVector.fromArray(S, b, y), s00);
      x += aTerm;
      y += bTerm;
    }
    s00 = s00.add(s10).add(s20.add(s30));
    s00 = DoubleVector.fromArray(S, old, oi).add(s00);
    s00.intoArray(c, ci);
  }
}
