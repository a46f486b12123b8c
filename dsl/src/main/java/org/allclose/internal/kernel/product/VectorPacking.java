package org.allclose.internal.kernel.product;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/** Copies parts of operands into the order in which the tiles of a product read them. */
final class VectorPacking {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  private static final int SPAN = 3 * VL;

  /** Panels that are packed at the same time. */
  private static final int GROUP = 16;

  private VectorPacking() {}

  /**
   * Packs a block of terms of some columns of op(B): one panel after another, each with its vectors
   * term by term. The last vector of the last panel holds the last columns.
   */
  static void packB(Product q, double[] packed, int start, int length, int from, int to) {
    int base = q.bOffset + start * q.bTerm;
    int full = (to - from) / SPAN - 1;
    int j = from;
    int panel = 0;
    if (q.bColumn == 1) {
      for (; full > 0; full -= GROUP) {
        int panels = Math.min(full, GROUP);
        copyPanels(q.b, base + j, q.bTerm, packed, panel, panels, length);
        j += panels * SPAN;
        panel += panels * SPAN * length;
      }
    }
    for (int left = (to - j + VL - 1) / VL; left > 0; ) {
      int span = left == 4 || left == 2 ? 2 : Math.min(left, 3);
      left -= span;
      for (int v = 0; v < span; v++) {
        int column = left == 0 && v == span - 1 ? to - VL : j + v * VL;
        int source = base + column * q.bColumn;
        if (q.bColumn == 1) {
          copy(q.b, source, q.bTerm, packed, panel + v * VL, span * VL, length);
        } else {
          transpose(q.b, source, q.bColumn, packed, panel + v * VL, span * VL, length);
        }
      }
      j += span * VL;
      panel += span * VL * length;
    }
  }

  /**
   * Packs some panels of three vectors, going through them term by term: so memory is read in
   * longer runs, where rows of B are far apart.
   */
  private static void copyPanels(
      double[] from, int source, int sourceStep, double[] to, int target, int panels, int length) {
    int panel = SPAN * length;
    for (int p = 0; p < length; p++) {
      int s = source + p * sourceStep;
      int t = target + p * SPAN;
      for (int i = 0; i < panels; i++) {
        DoubleVector.fromArray(S, from, s).intoArray(to, t);
        DoubleVector.fromArray(S, from, s + VL).intoArray(to, t + VL);
        DoubleVector.fromArray(S, from, s + 2 * VL).intoArray(to, t + 2 * VL);
        s += SPAN;
        t += panel;
      }
    }
  }

  /** Packs a block of terms of 8 rows of op(A). */
  static void packA(Product q, double[] packed, int target, int row, int start, int length) {
    int source = q.aOffset + row * q.aRow + start * q.aTerm;
    if (q.aRow == 1) {
      copy(q.a, source, q.aTerm, packed, target, 8, length);
    } else {
      transpose(q.a, source, q.aRow, packed, target, 8, length);
    }
  }

  /** Packs a block of terms of an op(B) that has fewer columns than a vector, with zeros beyond. */
  static void padB(Product q, double[] packed, int start, int length) {
    for (int p = 0; p < length; p++) {
      int source = q.bOffset + (start + p) * q.bTerm;
      for (int j = 0; j < VL; j++) {
        packed[p * VL + j] = j < q.n ? q.b[source + j * q.bColumn] : 0.0;
      }
    }
  }

  private static void copy(
      double[] from, int source, int sourceStep, double[] to, int target, int step, int length) {
    for (int p = 0; p < length; p++) {
      DoubleVector.fromArray(S, from, source + p * sourceStep).intoArray(to, target + p * step);
    }
  }

  /** Copies VL rows, {@code row} apart, to VL columns. */
  private static void transpose(
      double[] from, int source, int row, double[] to, int target, int step, int length) {
    if (VL == 8) {
      transpose8(from, source, row, to, target, step, length);
      return;
    }
    for (int v = 0; v < VL; v++) {
      int s = source + v * row;
      for (int p = 0; p < length; p++) {
        to[target + p * step + v] = from[s + p];
      }
    }
  }

  private static void transpose8(
      double[] from, int source, int row, double[] to, int target, int step, int length) {
    int r1 = row;
    int r2 = 2 * row;
    int r3 = 3 * row;
    int r4 = 4 * row;
    int r5 = 5 * row;
    int r6 = 6 * row;
    int r7 = 7 * row;
    int t = target;
    for (int s = source; s < source + length; s++) {
      to[t] = from[s];
      to[t + 1] = from[s + r1];
      to[t + 2] = from[s + r2];
      to[t + 3] = from[s + r3];
      to[t + 4] = from[s + r4];
      to[t + 5] = from[s + r5];
      to[t + 6] = from[s + r6];
      to[t + 7] = from[s + r7];
      t += step;
    }
  }
}
