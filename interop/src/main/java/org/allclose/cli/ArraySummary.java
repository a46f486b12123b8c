package org.allclose.cli;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.allclose.jnpy.ElementType;
import org.allclose.jnpy.NpyArray;

/**
 * What {@code show} tells of an array.
 *
 * @param dtype numpy's name of the type of its elements
 * @param shape its shape, as Python prints it
 * @param order C or F
 * @param minimum the least element that is not NaN, if elements have an order and there is one
 * @param maximum the largest element that is not NaN, likewise
 * @param first the first elements in C order
 */
record ArraySummary(
    String dtype,
    String shape,
    String order,
    Optional<String> minimum,
    Optional<String> maximum,
    String first) {
  private static final int SHOWN = 4;
  private static final int CHUNK = 1 << 15;

  static ArraySummary of(NpyArray array) {
    Extremes extremes = new Extremes();
    if (!array.dtype().type().isString() && !array.dtype().type().isComplex()) {
      extremes.scan(array);
    }
    return new ArraySummary(
        array.dtype().numpyName(),
        Arrays.stream(array.shape())
            .mapToObj(Long::toString)
            .collect(Collectors.joining(", ", "(", array.rank() == 1 ? ",)" : ")")),
        array.fortranOrder() ? "F" : "C",
        extremes.text(array, extremes.least),
        extremes.text(array, extremes.largest),
        LongStream.range(0, Math.min(SHOWN, array.size()))
            .mapToObj(array::elementText)
            .collect(Collectors.joining(", ", "[", array.size() > SHOWN ? ", ...]" : "]")));
  }

  /** Where the least and the largest element are; -1 if nowhere. */
  private static final class Extremes {
    private long least = -1;
    private long largest = -1;

    void scan(NpyArray array) {
      ElementType type = array.dtype().type();
      if (type.isInteger()) {
        // An unsigned 64-bit integer is ordered as a signed one once its first bit is turned.
        integers(array, type == ElementType.UINT64 ? Long.MIN_VALUE : 0);
      } else {
        numbers(array);
      }
    }

    private void integers(NpyArray array, long turn) {
      long[] chunk = new long[CHUNK];
      long low = Long.MAX_VALUE;
      long high = Long.MIN_VALUE;
      for (long start = 0; start < array.size(); start += CHUNK) {
        int count = (int) Math.min(CHUNK, array.size() - start);
        if (turn == 0) {
          array.getLongs(start, chunk, 0, count);
        } else {
          array.getUnsignedLongs(start, chunk, 0, count);
        }
        for (int i = 0; i < count; i++) {
          long value = chunk[i] ^ turn;
          if (value < low || least < 0) {
            low = value;
            least = start + i;
          }
          if (value > high || largest < 0) {
            high = value;
            largest = start + i;
          }
        }
      }
    }

    private void numbers(NpyArray array) {
      double[] chunk = new double[CHUNK];
      double low = Double.NaN;
      double high = Double.NaN;
      for (long start = 0; start < array.size(); start += CHUNK) {
        int count = (int) Math.min(CHUNK, array.size() - start);
        array.getDoubles(start, chunk, 0, count);
        for (int i = 0; i < count; i++) {
          double value = chunk[i];
          if (Double.isNaN(value)) {
            continue;
          }
          if (value < low || least < 0) {
            low = value;
            least = start + i;
          }
          if (value > high || largest < 0) {
            high = value;
            largest = start + i;
          }
        }
      }
    }

    private Optional<String> text(NpyArray array, long index) {
      return index < 0 ? Optional.empty() : Optional.of(array.elementText(index));
    }
  }
}
