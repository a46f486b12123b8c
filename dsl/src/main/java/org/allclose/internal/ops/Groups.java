package org.allclose.internal.ops;

/**
 * Lengths (outer, groups, inner) of an array whose elements lie in groups.
 *
 * @param outer how often all groups come one after another
 * @param groups the number of groups
 * @param inner the number of elements of a group side by side
 */
public record Groups(int outer, int groups, int inner) {

  /** Returns the group of an element. */
  public int of(int element) {
    return element / inner % groups;
  }

  /** Returns the number of elements of each group. */
  public int count() {
    return outer * inner;
  }

  /** Returns the mean of each group, for where its bits do not matter. */
  public double[] means(double[] values) {
    double[] means = new double[groups];
    for (int i = 0; i < values.length; i++) {
      means[of(i)] += values[i] / count();
    }
    return means;
  }
}
