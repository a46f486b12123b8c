package org.allclose;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How much of what is recorded a run of the tests compares: with {@code -Dallclose.digests=all}
 * everything, else a sample. A sample is the same in each run, and tests that compare the same
 * lines in different ways begin at different ones.
 */
public final class Sampling {
  private static final String PROPERTY = "allclose.digests";

  private Sampling() {}

  /** Returns whether everything is compared. */
  public static boolean isOff() {
    String value = System.getProperty(PROPERTY, "sample");
    if (!value.equals("all") && !value.equals("sample")) {
      throw new IllegalArgumentException(
          PROPERTY + ": expected 'all' or 'sample' but got '" + value + "'");
    }
    return value.equals("all");
  }

  /**
   * Returns every so many of the elements, or all.
   *
   * @param first the index of the first one; modulo {@code every}
   */
  public static <T> List<T> everyOf(int every, int first, List<T> all) {
    return isOff()
        ? all
        : IntStream.range(0, all.size())
            .filter(i -> i % every == first % every)
            .mapToObj(all::get)
            .toList();
  }
}
