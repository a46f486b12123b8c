package org.allclose;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Where the recorded data is; Maven says it. */
public final class TestData {
  private TestData() {}

  /** Returns the folder {@code testdata} of the project. */
  public static Path folder() {
    return Path.of(System.getProperty("allclose.testdata", "../../testdata"));
  }

  /** Returns the folder of the recorded cases. */
  public static Path fixtures() {
    return folder().resolve("fixtures");
  }

  /**
   * Returns a sample: every so many of the elements, beginning with one of the first; with {@code
   * -Dallclose.digests=all} all of them.
   */
  public static <T> List<T> everyOf(int every, int first, List<T> all) {
    return System.getProperty("allclose.digests", "sample").equals("all")
        ? all
        : IntStream.range(0, all.size())
            .filter(i -> i % every == first)
            .mapToObj(all::get)
            .toList();
  }
}
