package org.allclose.internal.kernel.sequence;

import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Sines and cosines that tell where in a sequence a vector stands. Only the last array is modified.
 */
public final class Positions {
  private Positions() {}

  /**
   * Computes {@code sin(t * base ** (-j / features))} in even columns j, and the cosine of the same
   * in the column behind.
   *
   * @param table (steps, features)
   */
  public static void encoding(int steps, int features, double base, double[] table) {
    for (int j = 0; j < features; j++) {
      double factor = encodingFactor(j, features, base);
      for (int t = 0; t < steps; t++) {
        double angle = t * factor;
        table[t * features + j] =
            j % 2 == 0 ? ElementaryFunctions.sin(angle) : ElementaryFunctions.cos(angle);
      }
    }
  }

  /**
   * Computes the magnitudes of the same sines and cosines, and of what the rounding of their angles
   * does to them: {@code |sin| + angle * |cos|}.
   *
   * @param table (steps, features)
   */
  public static void encodingTerms(int steps, int features, double base, double[] table) {
    for (int j = 0; j < features; j++) {
      double factor = encodingFactor(j, features, base);
      for (int t = 0; t < steps; t++) {
        double sin = Math.abs(ElementaryFunctions.sin(t * factor));
        double cos = Math.abs(ElementaryFunctions.cos(t * factor));
        table[t * features + j] = j % 2 == 0 ? sin + t * factor * cos : cos + t * factor * sin;
      }
    }
  }

  private static double encodingFactor(int column, int features, double base) {
    return ElementaryFunctions.pow(base, -(column - column % 2) / (double) features);
  }
}
