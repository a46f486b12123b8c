package org.allclose.internal.kernel.math;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Log} in vectors, in the three loops of {@link VectorExp}.
 *
 * <p>Where a block has arguments near 1 it is computed both ways and each lane chosen. A block with
 * an argument that is not a positive normal number goes to the scalar function.
 */
final class VectorLog extends VectorFunction<VectorLog.Scratch> {
  private static final VectorSpecies<Long> BITS = SPECIES.withLanes(long.class);

  /** The bits of this double plus a small integer are those of the double plus the integer. */
  private static final double INTEGER = 0x1.8p52;

  /** The table's index of each argument of one block, before the shift, and its values. */
  static final class Scratch {
    final long[] offsets = new long[BLOCK];
    final double[] reciprocals = new double[BLOCK];
    final double[] logarithms = new double[BLOCK];
  }

  VectorLog() {
    super(2 * LANES, Scratch::new);
  }

  @Override
  void scalar(double[] x, int xOffset, double[] y, int yOffset, int n) {
    SCALAR.log(x, xOffset, y, yOffset, n);
  }

  @Override
  void block(double[] x, int xOffset, double[] y, int yOffset, int n, Scratch scratch) {
    if (!reduce(x, xOffset, n, scratch.offsets)) {
      scalar(x, xOffset, y, yOffset, n);
      return;
    }
    lookUp(scratch.offsets, n, scratch.reciprocals, scratch.logarithms);
    combine(x, xOffset, n, scratch);
    if (anyNearOne(x, xOffset, n)) {
      replaceNearOne(x, xOffset, scratch.logarithms, n);
    }
    System.arraycopy(scratch.logarithms, 0, y, yOffset, n);
  }

  private static boolean reduce(double[] x, int xOffset, int n, long[] offsets) {
    VectorMask<Double> inRange = SPECIES.maskAll(true);
    for (int i = 0; i < n; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, xOffset + i);
      inRange = inRange.and(v.compare(VectorOperators.GE, Double.MIN_NORMAL));
      inRange = inRange.and(v.compare(VectorOperators.LT, Double.POSITIVE_INFINITY));
      v.reinterpretAsLongs().sub(Log.TABLE_START).intoArray(offsets, i);
    }
    return inRange.allTrue();
  }

  private static void lookUp(long[] offsets, int n, double[] reciprocals, double[] logarithms) {
    for (int i = 0; i < n; i++) {
      int index = (int) (offsets[i] >>> Log.INDEX_SHIFT) & 127;
      reciprocals[i] = LogTable.RECIPROCALS[index];
      logarithms[i] = LogTable.LOGARITHMS[index];
    }
  }

  /** Computes the logarithms in place of the table's. */
  private static void combine(double[] x, int xOffset, int n, Scratch scratch) {
    double[] logarithms = scratch.logarithms;
    for (int i = 0; i < n; i += LANES) {
      LongVector offset = LongVector.fromArray(BITS, scratch.offsets, i);
      DoubleVector k =
          offset
              .lanewise(VectorOperators.ASHR, 52)
              .add(Double.doubleToRawLongBits(INTEGER))
              .reinterpretAsDoubles()
              .sub(INTEGER);
      LongVector bits = DoubleVector.fromArray(SPECIES, x, xOffset + i).reinterpretAsLongs();
      DoubleVector z = bits.sub(offset.and(0xfffL << 52)).reinterpretAsDoubles();
      DoubleVector r =
          z.fma(DoubleVector.fromArray(SPECIES, scratch.reciprocals, i), broadcast(-1.0));
      DoubleVector w =
          k.fma(broadcast(Log.LN2_HIGH), DoubleVector.fromArray(SPECIES, logarithms, i));
      DoubleVector high = w.add(r);
      DoubleVector low = k.fma(broadcast(Log.LN2_LOW), w.sub(high).add(r));
      DoubleVector r2 = r.mul(r);
      DoubleVector p = r.fma(broadcast(Log.A4), broadcast(Log.A3));
      p = p.fma(r2, r.fma(broadcast(Log.A2), broadcast(Log.A1)));
      p = r.mul(r2).fma(p, r2.fma(broadcast(Log.A0), low));
      p.add(high).intoArray(logarithms, i);
    }
  }

  private static boolean anyNearOne(double[] x, int xOffset, int n) {
    VectorMask<Double> any = SPECIES.maskAll(false);
    for (int i = 0; i < n; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, xOffset + i);
      any =
          any.or(
              v.compare(VectorOperators.GE, Log.NEAR_ONE_START)
                  .and(v.compare(VectorOperators.LT, Log.NEAR_ONE_END)));
    }
    return any.anyTrue();
  }

  private static void replaceNearOne(double[] x, int xOffset, double[] logarithms, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, xOffset + i);
      VectorMask<Double> nearOne =
          v.compare(VectorOperators.GE, Log.NEAR_ONE_START)
              .and(v.compare(VectorOperators.LT, Log.NEAR_ONE_END));
      DoubleVector r = v.sub(1.0);
      DoubleVector r2 = r.mul(r);
      DoubleVector r3 = r.mul(r2);
      DoubleVector p = r.fma(broadcast(Log.B8), broadcast(Log.B7));
      p = r3.fma(broadcast(Log.B10), r2.fma(broadcast(Log.B9), p));
      DoubleVector q = r.fma(broadcast(Log.B5), broadcast(Log.B4));
      p = p.fma(r3, r2.fma(broadcast(Log.B6), q));
      q = r.fma(broadcast(Log.B2), broadcast(Log.B1));
      p = p.fma(r3, r2.fma(broadcast(Log.B3), q));
      DoubleVector upper = r.fma(broadcast(-Log.SPLIT), r.fma(broadcast(Log.SPLIT), r));
      DoubleVector square = upper.mul(upper);
      DoubleVector high = square.fma(broadcast(Log.B0), r);
      DoubleVector low = square.fma(broadcast(Log.B0), r.sub(high));
      low = r.sub(upper).mul(Log.B0).fma(r.add(upper), low);
      DoubleVector result = high.add(p.fma(r3, low));
      DoubleVector.fromArray(SPECIES, logarithms, i)
          .blend(result, nearOne)
          .intoArray(logarithms, i);
    }
  }
}
