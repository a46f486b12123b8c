package org.allclose.internal.ops;

import java.util.OptionalInt;
import org.allclose.internal.kernel.elementwise.ClassLosses;

/** The right class of each row of scores, and how much rows count. */
public final class Labels {
  final ClassLosses.Labels kernel;
  private final int rows;

  /**
   * @param labels the right classes; kept
   * @param weights a factor for each class; empty where all count the same; kept
   * @param ignored the label whose rows do not count
   */
  public Labels(int[] labels, double[] weights, OptionalInt ignored) {
    kernel = new ClassLosses.Labels(labels, weights, ignored.isPresent(), ignored.orElse(0));
    rows = labels.length;
  }

  /** Returns the number of rows. */
  int rows() {
    return rows;
  }
}
