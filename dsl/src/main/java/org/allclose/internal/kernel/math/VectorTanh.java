package org.allclose.internal.kernel.math;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Tanh} in vectors: there is no table, so each lane takes all paths and keeps its own.
 *
 * <p>With a = 2|x|, {@code t = expm1(a)} where |x| is at least 1 and {@code expm1(-a)} elsewhere.
 * Zeros and tiny arguments come out right without special care. A block goes through three loops.
 */
final class VectorTanh extends VectorFunction<VectorTanh.Scratch> {

  /** Adding it rounds to an integer, which then stands in the low bits of the sum. */
  private static final double INTEGER = 0x1.8p52;

  /** For one block: {@code ±a = ±k * log(2) + r + c} and {@code expm1(r + c) = r - e}. */
  static final class Scratch {
    final double[] k = new double[BLOCK];
    final double[] r = new double[BLOCK];
    final double[] c = new double[BLOCK];
  }

  VectorTanh() {
    super(1, Scratch::new);
  }

  @Override
  void scalar(double[] x, int xOffset, double[] y, int yOffset, int n) {
    SCALAR.tanh(x, xOffset, y, yOffset, n);
  }

  @Override
  void block(double[] x, int xOffset, double[] y, int yOffset, int n, Scratch scratch) {
    reduce(x, xOffset, n, scratch);
    approximate(n, scratch);
    combine(x, xOffset, y, yOffset, n, scratch);
  }

  private static void reduce(double[] x, int xOffset, int n, Scratch scratch) {
    double[] kOut = scratch.k;
    double[] rOut = scratch.r;
    double[] cOut = scratch.c;
    for (int i = 0; i < n; i += LANES) {
      DoubleVector magnitude = DoubleVector.fromArray(SPECIES, x, xOffset + i).abs();
      VectorMask<Double> positive = magnitude.compare(VectorOperators.GE, 1.0);
      DoubleVector a = magnitude.add(magnitude);
      // (int) (a / log(2) + 0.5): rounded to nearest, then lowered where that went up.
      DoubleVector value = a.mul(Expm1.INVERSE_LN2).add(0.5);
      DoubleVector k = value.add(INTEGER).sub(INTEGER);
      k = k.blend(k.sub(1.0), k.compare(VectorOperators.GT, value));
      k = k.blend(1.0, a.compare(VectorOperators.LT, Expm1.ROUNDING_START));
      k = k.blend(0.0, a.compare(VectorOperators.LT, Expm1.REDUCTION_START));
      k.intoArray(kOut, i);
      DoubleVector signedK = k.neg().blend(k, positive);
      DoubleVector signedA = a.neg().blend(a, positive);
      DoubleVector high = signedK.neg().fma(broadcast(Expm1.LN2_HIGH), signedA);
      DoubleVector low = signedK.mul(Expm1.LN2_LOW);
      DoubleVector r = high.sub(low);
      r.intoArray(rOut, i);
      high.sub(r).sub(low).intoArray(cOut, i);
    }
  }

  /** Puts e in the place of c. */
  private static void approximate(int n, Scratch scratch) {
    double[] kIn = scratch.k;
    double[] rIn = scratch.r;
    double[] c = scratch.c;
    for (int i = 0; i < n; i += LANES) {
      DoubleVector r = DoubleVector.fromArray(SPECIES, rIn, i);
      DoubleVector halfR = r.mul(0.5);
      DoubleVector halfSquare = r.mul(halfR);
      DoubleVector h2 = halfSquare.mul(halfSquare);
      DoubleVector p = halfSquare.fma(broadcast(Expm1.Q3), broadcast(Expm1.Q2));
      p = h2.fma(p, halfSquare.fma(broadcast(Expm1.Q1), broadcast(1.0)));
      p = h2.mul(h2).fma(halfSquare.fma(broadcast(Expm1.Q5), broadcast(Expm1.Q4)), p);
      DoubleVector t = p.neg().fma(halfR, broadcast(3.0));
      DoubleVector quotient = p.sub(t).div(r.neg().fma(t, broadcast(6.0))).mul(halfSquare);
      DoubleVector correction = DoubleVector.fromArray(SPECIES, c, i);
      DoubleVector e = quotient.sub(correction).fma(r, correction.neg()).sub(halfSquare);
      DoubleVector unreduced = quotient.fma(r, halfSquare.neg());
      DoubleVector k = DoubleVector.fromArray(SPECIES, kIn, i);
      e.blend(unreduced, k.compare(VectorOperators.EQ, 0.0)).intoArray(c, i);
    }
  }

  private static void combine(
      double[] x, int xOffset, double[] y, int yOffset, int n, Scratch scratch) {
    double[] kIn = scratch.k;
    double[] rIn = scratch.r;
    double[] eIn = scratch.c;
    for (int i = 0; i < n; i += LANES) {
      DoubleVector r = DoubleVector.fromArray(SPECIES, rIn, i);
      DoubleVector e = DoubleVector.fromArray(SPECIES, eIn, i);
      DoubleVector k = DoubleVector.fromArray(SPECIES, kIn, i);
      DoubleVector one = broadcast(1.0);
      LongVector exponent = k.add(INTEGER).reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
      DoubleVector difference = r.sub(e);
      DoubleVector sum = one.sub(e.sub(r));

      // expm1(-a), k from 0 to 3
      DoubleVector t = sum.reinterpretAsLongs().sub(exponent).reinterpretAsDoubles().sub(1.0);
      DoubleVector half = difference.fma(broadcast(0.5), broadcast(-0.5));
      t = t.blend(half, k.compare(VectorOperators.LT, 2.0));
      t = t.blend(difference, k.compare(VectorOperators.EQ, 0.0));

      // expm1(a), k from 3 to 63
      DoubleVector inversePower = one.reinterpretAsLongs().sub(exponent).reinterpretAsDoubles();
      DoubleVector above = one.sub(inversePower).sub(e.sub(r));
      DoubleVector medium = r.sub(e.add(inversePower)).add(1.0);
      VectorMask<Double> isLarge = k.compare(VectorOperators.GT, 56.0);
      above = above.blend(medium, k.compare(VectorOperators.GE, 20.0)).blend(sum, isLarge);
      above = above.reinterpretAsLongs().add(exponent).reinterpretAsDoubles();
      above = above.blend(above.sub(1.0), isLarge);

      DoubleVector v = DoubleVector.fromArray(SPECIES, x, xOffset + i);
      DoubleVector magnitude = v.abs();
      VectorMask<Double> positive = magnitude.compare(VectorOperators.GE, 1.0);
      t = t.blend(above, positive);
      // 2 / (t + 2), of which the result is the distance from 1, or -t / (t + 2).
      DoubleVector quotient = t.neg().blend(2.0, positive).div(t.add(2.0));
      DoubleVector result = quotient.blend(one.sub(quotient), positive);
      result = result.blend(1.0, magnitude.compare(VectorOperators.GE, Tanh.SATURATION));
      LongVector sign = v.reinterpretAsLongs().and(Long.MIN_VALUE);
      result = result.abs().reinterpretAsLongs().or(sign).reinterpretAsDoubles();
      // Exponents were added to the bits of NaN, too.
      result.blend(v, v.compare(VectorOperators.NE, v)).intoArray(y, yOffset + i);
    }
  }
}
