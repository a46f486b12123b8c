package org.allclose.random;

import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Standard normal numbers in pairs, by Marsaglia's polar method, the second kept for the next call.
 *
 * <p>With x1, x2 uniform in (-1, 1), drawn until {@code r2 = x1^2 + x2^2} is in (0, 1), and {@code
 * f = sqrt(-2 * log(r2) / r2)}: first {@code f * x2} is given out, then {@code f * x1}.
 *
 * <p>Source: numpy {@code legacy_gauss} (BSD-3-Clause).
 */
final class PolarNormals {
  private static final int CHUNK = 256;
  private static final long ONE = Double.doubleToRawLongBits(1.0);

  private final RandomBits bits;
  private boolean cached;
  private double cache;

  // Reused: uniform numbers, and the pairs that were accepted.
  private final double[] uniform = new double[2 * CHUNK];
  private final double[] x1 = new double[CHUNK];
  private final double[] x2 = new double[CHUNK];
  private final double[] r2 = new double[CHUNK];

  PolarNormals(RandomBits bits) {
    this.bits = bits;
  }

  boolean isCached() {
    return cached;
  }

  double cache() {
    return cache;
  }

  void set(boolean newCached, double newCache) {
    cached = newCached;
    cache = newCache;
  }

  double next() {
    if (cached) {
      return takeCache();
    }
    double a;
    double b;
    double r;
    do {
      a = 2.0 * bits.nextDouble() - 1.0;
      b = 2.0 * bits.nextDouble() - 1.0;
      r = a * a + b * b;
    } while (r >= 1.0 || r == 0.0);
    double f = Math.sqrt(-2.0 * ElementaryFunctions.log(r) / r);
    set(true, f * a);
    return f * b;
  }

  void fill(double[] into) {
    int from = 0;
    if (cached && into.length > 0) {
      into[from++] = takeCache();
    }
    while (from + 1 < into.length) {
      int pairs = Math.min(CHUNK, (into.length - from) / 2);
      draw(pairs);
      for (int i = 0; i < pairs; i++) {
        double f = Math.sqrt(-2.0 * ElementaryFunctions.log(r2[i]) / r2[i]);
        into[from + 2 * i] = f * x2[i];
        into[from + 2 * i + 1] = f * x1[i];
      }
      from += 2 * pairs;
    }
    if (from < into.length) {
      into[from] = next();
    }
  }

  /**
   * Draws pairs without a branch for each rejection, which no processor can predict: a pair that is
   * rejected is overwritten by the next one.
   */
  private void draw(int pairs) {
    int done = 0;
    while (done < pairs) {
      // So many are needed at least, whatever is rejected.
      int candidates = pairs - done;
      bits.fill(uniform, 0, 2 * candidates);
      for (int i = 0; i < candidates; i++) {
        double a = 2.0 * uniform[2 * i] - 1.0;
        double b = 2.0 * uniform[2 * i + 1] - 1.0;
        double r = a * a + b * b;
        x1[done] = a;
        x2[done] = b;
        r2[done] = r;
        // 1 if r is in (0, 1), where its bits are between those of 0 and of 1; else 0.
        long ordered = Double.doubleToRawLongBits(r);
        done += (int) ((ordered - ONE & -ordered) >>> 63);
      }
    }
  }

  private double takeCache() {
    double value = cache;
    set(false, 0.0);
    return value;
  }
}
