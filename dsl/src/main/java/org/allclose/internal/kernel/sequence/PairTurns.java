package org.allclose.internal.kernel.sequence;

import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Turns pairs (a, b) of the features of each step by the angles {@code t * (1 / base ** (2 * i /
 * features))}.
 *
 * <p>x has a row of features for each step, step after step, and again from the first; only the
 * last array is modified.
 */
public final class PairTurns {
  private final int pairs;
  private final boolean interleaved;
  private final double[] angles;
  private final double[] cos;
  private final double[] sin;
  private final double[] minusSin;

  /**
   * @param pairs how many there are in the features of a step
   * @param interleaved whether pairs are neighbours, rather than of the two halves
   */
  public PairTurns(int steps, int pairs, double base, boolean interleaved) {
    this.pairs = pairs;
    this.interleaved = interleaved;
    angles = new double[steps * pairs];
    cos = new double[angles.length];
    sin = new double[angles.length];
    minusSin = new double[angles.length];
    for (int i = 0; i < angles.length; i++) {
      int twice = 2 * (i % pairs);
      double factor = 1.0 / ElementaryFunctions.pow(base, twice / (double) (2 * pairs));
      int step = i / pairs;
      angles[i] = step * factor;
      cos[i] = ElementaryFunctions.cos(angles[i]);
      sin[i] = ElementaryFunctions.sin(angles[i]);
      minusSin[i] = -sin[i];
    }
  }

  /** Computes {@code a * cos - b * sin} and {@code b * cos + a * sin}. */
  public void turn(double[] x, double[] out) {
    combine(x, cos, minusSin, sin, out);
  }

  /** Computes {@code a * cos + b * sin} and {@code b * cos - a * sin}. */
  public void turnBack(double[] x, double[] out) {
    combine(x, cos, sin, minusSin, out);
  }

  /**
   * Computes the sums of the magnitudes of either, and of what the rounding of angles does to them.
   *
   * @param x magnitudes
   */
  public void terms(double[] x, double[] out) {
    double[] ofOwn = new double[angles.length];
    double[] ofOther = new double[angles.length];
    for (int i = 0; i < angles.length; i++) {
      ofOwn[i] = Math.abs(cos[i]) + angles[i] * Math.abs(sin[i]);
      ofOther[i] = Math.abs(sin[i]) + angles[i] * Math.abs(cos[i]);
    }
    combine(x, ofOwn, ofOther, ofOther, out);
  }

  /** Computes {@code a * own + b * ofFirst} and {@code b * own + a * ofSecond}. */
  private void combine(
      double[] x, double[] own, double[] ofFirst, double[] ofSecond, double[] out) {
    int next = interleaved ? 2 : 1;
    int apart = interleaved ? 1 : pairs;
    int place = 0;
    for (int row = 0; row < x.length; row += 2 * pairs) {
      for (int i = 0; i < pairs; i++) {
        int first = row + i * next;
        double a = x[first];
        double b = x[first + apart];
        out[first] = a * own[place] + b * ofFirst[place];
        out[first + apart] = b * own[place] + a * ofSecond[place];
        place++;
      }
      place = place == own.length ? 0 : place;
    }
  }
}
