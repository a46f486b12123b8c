package org.allclose.internal.kernel.image;

import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.allclose.internal.kernel.runtime.VectorWidth;

/** Loops over images on the Vector API. */
final class VectorImageKernel implements ImageKernel {
  private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
  private static final int VL = S.length();

  // Lane i of what these give is lane 2i, 2i + 1, i / 2 or VL / 2 + i / 2 of what they take.
  private static final VectorShuffle<Double> EVEN = shuffle(i -> 2 * i % VL);
  private static final VectorShuffle<Double> ODD = shuffle(i -> (2 * i + 1) % VL);
  private static final VectorShuffle<Double> LOW_TWICE = shuffle(i -> i / 2);
  private static final VectorShuffle<Double> HIGH_TWICE = shuffle(i -> VL / 2 + i / 2);
  private static final VectorMask<Double> HIGH = mask(i -> i >= VL / 2);
  private static final VectorMask<Double> ODD_LANES = mask(i -> i % 2 == 1);

  private final ScalarImageKernel scalar = new ScalarImageKernel();

  @Override
  public void copyRuns(Runs runs, double[] from, int place, int stride, double[] to, int start) {
    if (stride != 1) {
      scalar.copyRuns(runs, from, place, stride, to, start);
      return;
    }
    for (int run = 0; run < runs.count; run++) {
      int source = place + runs.source[run];
      int target = start + runs.target[run];
      int n = runs.length[run];
      int i = 0;
      for (; i <= n - VL; i += VL) {
        DoubleVector.fromArray(S, from, source + i).intoArray(to, target + i);
      }
      for (; i < n; i++) {
        to[target + i] = from[source + i];
      }
    }
  }

  @Override
  public void addRuns(Runs runs, double[] from, int start, double[] to, int place, int stride) {
    if (stride != 1) {
      scalar.addRuns(runs, from, start, to, place, stride);
      return;
    }
    for (int run = 0; run < runs.count; run++) {
      int source = start + runs.target[run];
      int target = place + runs.source[run];
      int n = runs.length[run];
      int i = 0;
      for (; i <= n - VL; i += VL) {
        DoubleVector sum = DoubleVector.fromArray(S, to, target + i);
        sum.add(DoubleVector.fromArray(S, from, source + i)).intoArray(to, target + i);
      }
      for (; i < n; i++) {
        to[target + i] += from[source + i];
      }
    }
  }

  @Override
  public void maxOfSquares(double[] x, int row, int next, double[] out, int target, int n) {
    int k = 0;
    for (; k <= n - VL; k += VL) {
      DoubleVector u0 = DoubleVector.fromArray(S, x, row + 2 * k);
      DoubleVector u1 = DoubleVector.fromArray(S, x, row + 2 * k + VL);
      DoubleVector l0 = DoubleVector.fromArray(S, x, next + 2 * k);
      DoubleVector l1 = DoubleVector.fromArray(S, x, next + 2 * k + VL);
      DoubleVector best = u0.rearrange(EVEN).blend(u1.rearrange(EVEN), HIGH);
      DoubleVector other = u0.rearrange(ODD).blend(u1.rearrange(ODD), HIGH);
      best = other.blend(best, keeps(best, other));
      other = l0.rearrange(EVEN).blend(l1.rearrange(EVEN), HIGH);
      best = other.blend(best, keeps(best, other));
      other = l0.rearrange(ODD).blend(l1.rearrange(ODD), HIGH);
      other.blend(best, keeps(best, other)).intoArray(out, target + k);
    }
    scalar.maxOfSquares(x, row + 2 * k, next + 2 * k, out, target + k, n - k);
  }

  @Override
  public void maxOfSquaresGradient(
      double[] x, int row, int next, double[] dout, int source, double[] dx, int n) {
    DoubleVector zero = DoubleVector.zero(S);
    int k = 0;
    for (; k <= n - VL; k += VL) {
      int upper = row + 2 * k;
      int lower = next + 2 * k;
      DoubleVector u0 = DoubleVector.fromArray(S, x, upper);
      DoubleVector u1 = DoubleVector.fromArray(S, x, upper + VL);
      DoubleVector l0 = DoubleVector.fromArray(S, x, lower);
      DoubleVector l1 = DoubleVector.fromArray(S, x, lower + VL);
      // The gradient moves on from a place to the next where that has the larger value.
      DoubleVector g = zero.add(DoubleVector.fromArray(S, dout, source + k));
      DoubleVector best = u0.rearrange(EVEN).blend(u1.rearrange(EVEN), HIGH);
      DoubleVector other = u0.rearrange(ODD).blend(u1.rearrange(ODD), HIGH);
      VectorMask<Double> keeps = keeps(best, other);
      DoubleVector g0 = zero.blend(g, keeps);
      DoubleVector g1 = g.blend(zero, keeps);
      best = other.blend(best, keeps);
      other = l0.rearrange(EVEN).blend(l1.rearrange(EVEN), HIGH);
      keeps = keeps(best, other);
      g0 = zero.blend(g0, keeps);
      g1 = zero.blend(g1, keeps);
      DoubleVector g2 = g.blend(zero, keeps);
      best = other.blend(best, keeps);
      other = l0.rearrange(ODD).blend(l1.rearrange(ODD), HIGH);
      keeps = keeps(best, other);
      g0 = zero.blend(g0, keeps);
      g1 = zero.blend(g1, keeps);
      g2 = zero.blend(g2, keeps);
      DoubleVector g3 = g.blend(zero, keeps);
      zip(g0, g1, dx, upper);
      zip(g2, g3, dx, lower);
    }
    scalar.maxOfSquaresGradient(x, row + 2 * k, next + 2 * k, dout, source + k, dx, n - k);
  }

  @Override
  public void maxOfSquares(
      double[] x, int row, int next, double[] out, double[] from, int target, int n) {
    DoubleVector zero = DoubleVector.zero(S);
    int k = 0;
    for (; k <= n - VL; k += VL) {
      DoubleVector u0 = DoubleVector.fromArray(S, x, row + 2 * k);
      DoubleVector u1 = DoubleVector.fromArray(S, x, row + 2 * k + VL);
      DoubleVector l0 = DoubleVector.fromArray(S, x, next + 2 * k);
      DoubleVector l1 = DoubleVector.fromArray(S, x, next + 2 * k + VL);
      DoubleVector best = u0.rearrange(EVEN).blend(u1.rearrange(EVEN), HIGH);
      DoubleVector other = u0.rearrange(ODD).blend(u1.rearrange(ODD), HIGH);
      VectorMask<Double> keeps = keeps(best, other);
      best = other.blend(best, keeps);
      DoubleVector place = DoubleVector.broadcast(S, 1.0).blend(zero, keeps);
      other = l0.rearrange(EVEN).blend(l1.rearrange(EVEN), HIGH);
      keeps = keeps(best, other);
      best = other.blend(best, keeps);
      place = DoubleVector.broadcast(S, 2.0).blend(place, keeps);
      other = l0.rearrange(ODD).blend(l1.rearrange(ODD), HIGH);
      keeps = keeps(best, other);
      other.blend(best, keeps).intoArray(out, target + k);
      DoubleVector.broadcast(S, 3.0).blend(place, keeps).intoArray(from, target + k);
    }
    scalar.maxOfSquares(x, row + 2 * k, next + 2 * k, out, from, target + k, n - k);
  }

  @Override
  public void reluSquaresGradient(
      double[] dout, double[] y, double[] from, int source, double[] dx, int row, int n) {
    int next = row + 2 * n;
    DoubleVector zero = DoubleVector.zero(S);
    int k = 0;
    for (; k <= n - VL; k += VL) {
      DoubleVector v = DoubleVector.fromArray(S, y, source + k);
      DoubleVector positive = zero.blend(1.0, v.compare(VectorOperators.GT, 0.0));
      DoubleVector g = zero.add(DoubleVector.fromArray(S, dout, source + k)).mul(positive);
      DoubleVector place = DoubleVector.fromArray(S, from, source + k);
      DoubleVector g0 = zero.blend(g, place.compare(VectorOperators.EQ, 0.0));
      DoubleVector g1 = zero.blend(g, place.compare(VectorOperators.EQ, 1.0));
      zip(g0, g1, dx, row + 2 * k);
      DoubleVector g2 = zero.blend(g, place.compare(VectorOperators.EQ, 2.0));
      DoubleVector g3 = zero.blend(g, place.compare(VectorOperators.EQ, 3.0));
      zip(g2, g3, dx, next + 2 * k);
    }
    for (; k < n; k++) {
      ScalarImageKernel.reluSquareGradient(
          dout, y, from, source + k, dx, row + 2 * k, next + 2 * k);
    }
  }

  /** Stores the lanes of two vectors in turns. */
  private static void zip(DoubleVector a, DoubleVector b, double[] to, int target) {
    a.rearrange(LOW_TWICE).blend(b.rearrange(LOW_TWICE), ODD_LANES).intoArray(to, target);
    a.rearrange(HIGH_TWICE).blend(b.rearrange(HIGH_TWICE), ODD_LANES).intoArray(to, target + VL);
  }

  /** Where the best so far stays the best: it is at least the other, or NaN. */
  private static VectorMask<Double> keeps(DoubleVector best, DoubleVector other) {
    return other.compare(VectorOperators.LE, best).or(best.compare(VectorOperators.NE, best));
  }

  private static VectorShuffle<Double> shuffle(IntUnaryOperator source) {
    return VectorShuffle.fromOp(S, source);
  }

  private static VectorMask<Double> mask(IntPredicate lane) {
    boolean[] lanes = new boolean[VL];
    for (int i = 0; i < VL; i++) {
      lanes[i] = lane.test(i);
    }
    return VectorMask.fromArray(S, lanes, 0);
  }
}
