package org.allclose.internal.text;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Shapes and indices as Python prints them: {@code ()}, {@code (3,)}, {@code (3, 4)}. */
public final class Tuple {
  private Tuple() {}

  /** Returns whole numbers as a tuple. */
  public static String of(long... values) {
    return LongStream.of(values)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "(", values.length == 1 ? ",)" : ")"));
  }

  /** As {@link #of(long...)}. */
  public static String of(int[] values) {
    return of(IntStream.of(values).asLongStream().toArray());
  }
}
