package org.allclose.internal.kernel.math;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Exp} in vectors.
 *
 * <p>A block of arguments goes through three loops: the table's index of each, the look-ups, the
 * polynomial. The look-ups are scalar: on processors whose gather instruction is slow two of them
 * cost more than all the rest, and elsewhere little is lost. A block with an argument of 512 or
 * more, infinite or NaN goes to the scalar function.
 */
final class VectorExp extends VectorFunction<VectorExp.Scratch> {
  private static final VectorSpecies<Long> BITS = SPECIES.withLanes(long.class);

  /** As bits: general registers carry two table look-ups faster than vector registers. */
  private static final long[] TAILS = bits(ExpTable.TAILS);

  /** The table's values for the arguments of one block. */
  static final class Scratch {
    final long[] k = new long[BLOCK];
    final long[] powers = new long[BLOCK];
    final long[] tails = new long[BLOCK];
  }

  VectorExp() {
    super(2 * LANES, Scratch::new);
  }

  @Override
  void scalar(double[] x, int xOffset, double[] y, int yOffset, int n) {
    SCALAR.exp(x, xOffset, y, yOffset, n);
  }

  @Override
  void block(double[] x, int xOffset, double[] y, int yOffset, int n, Scratch scratch) {
    if (reduce(x, xOffset, n, scratch.k)) {
      lookUp(scratch.k, n, scratch.powers, scratch.tails);
      combine(x, xOffset, y, yOffset, n, scratch);
    } else {
      scalar(x, xOffset, y, yOffset, n);
    }
  }

  /**
   * Computes the k of each argument, in the low bits; returns whether all arguments are in range.
   */
  private static boolean reduce(double[] x, int offset, int n, long[] k) {
    VectorMask<Double> inRange = SPECIES.maskAll(true);
    for (int i = 0; i < n; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, offset + i);
      inRange = inRange.and(v.abs().compare(VectorOperators.LT, Exp.LARGE));
      v.fma(broadcast(Exp.INVERSE_LN2_N), broadcast(Exp.SHIFT))
          .reinterpretAsLongs()
          .intoArray(k, i);
    }
    return inRange.allTrue();
  }

  private static void lookUp(long[] k, int n, long[] powers, long[] tails) {
    for (int i = 0; i < n; i++) {
      int index = (int) k[i] & (ExpTable.SIZE - 1);
      powers[i] = ExpTable.POWER_BITS[index];
      tails[i] = TAILS[index];
    }
  }

  private static void combine(
      double[] x, int xOffset, double[] y, int yOffset, int n, Scratch scratch) {
    long[] kBits = scratch.k;
    long[] powers = scratch.powers;
    long[] tails = scratch.tails;
    for (int i = 0; i < n; i += LANES) {
      LongVector k = LongVector.fromArray(BITS, kBits, i);
      DoubleVector rounded = k.reinterpretAsDoubles().sub(Exp.SHIFT);
      DoubleVector r =
          rounded.fma(
              broadcast(Exp.NEGATIVE_LN2_HIGH_N), DoubleVector.fromArray(SPECIES, x, xOffset + i));
      r = rounded.fma(broadcast(Exp.NEGATIVE_LN2_LOW_N), r);
      DoubleVector r2 = r.mul(r);
      DoubleVector tail = LongVector.fromArray(BITS, tails, i).reinterpretAsDoubles();
      DoubleVector p = r.fma(broadcast(Exp.C3), broadcast(Exp.C2)).fma(r2, r.add(tail));
      p = r2.mul(r2).fma(r.fma(broadcast(Exp.C5), broadcast(Exp.C4)), p);
      LongVector exponent = k.lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT);
      DoubleVector scale =
          LongVector.fromArray(BITS, powers, i).add(exponent).reinterpretAsDoubles();
      scale.fma(p, scale).intoArray(y, yOffset + i);
    }
  }

  private static long[] bits(double[] values) {
    long[] bits = new long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Double.doubleToRawLongBits(values[i]);
    }
    return bits;
  }
}
