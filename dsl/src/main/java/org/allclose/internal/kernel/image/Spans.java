package org.allclose.internal.kernel.image;

import java.util.function.IntUnaryOperator;

/**
 * Where the windows of a pool lie along one axis of an image: what of them is inside, and how many
 * elements each counts.
 */
public final class Spans {
  private final int length;
  private final int step;
  private final int[] start;
  private final int[] first;
  private final int[] end;
  private final int[] count;

  private Spans(int length, int step, int[] start, int[] first, int[] end, int[] count) {
    this.length = length;
    this.step = step;
    this.start = start;
    this.first = first;
    this.end = end;
    this.count = count;
  }

  /**
   * Returns windows that count what is inside.
   *
   * @param length elements of the axis
   * @param outputs the number of windows
   * @param step from an element of a window to the next
   * @param start where a window starts, which may be before the axis
   * @param end where it ends, exclusive, which may be behind the axis
   * @throws IllegalArgumentException if there is a window with nothing inside
   */
  public static Spans of(
      int length, int outputs, int step, IntUnaryOperator start, IntUnaryOperator end) {
    Spans spans =
        new Spans(
            length, step, new int[outputs], new int[outputs], new int[outputs], new int[outputs]);
    for (int k = 0; k < outputs; k++) {
      int from = start.applyAsInt(k);
      spans.start[k] = from;
      spans.first[k] = from < 0 ? from + (-from + step - 1) / step * step : from;
      spans.end[k] = Math.min(length, end.applyAsInt(k));
      if (spans.first[k] >= spans.end[k]) {
        throw new IllegalArgumentException("expected windows with something in them");
      }
      spans.count[k] = (spans.end[k] - spans.first[k] + step - 1) / step;
    }
    return spans;
  }

  /** Returns windows that part an axis, as evenly as may be: those of PyTorch's adaptive pools. */
  public static Spans adaptive(int length, int outputs) {
    return of(
        length,
        outputs,
        1,
        k -> (int) ((long) k * length / outputs),
        k -> (int) (((k + 1L) * length + outputs - 1) / outputs));
  }

  /**
   * Returns the same windows, without steps, which count the padding in them as well.
   *
   * @param size elements of a window
   * @param after elements of padding behind the axis; what is farther does not count
   */
  public Spans countingPadding(int size, int after) {
    int[] counts = new int[count.length];
    for (int k = 0; k < counts.length; k++) {
      counts[k] = (int) Math.min(size, (long) length + after - start[k]);
    }
    return new Spans(length, step, start, first, end, counts);
  }

  /** Returns the number of windows. */
  public int outputs() {
    return count.length;
  }

  /** Returns the number of elements of the axis. */
  int length() {
    return length;
  }

  /** Returns how far it is from an element of a window to the next. */
  int step() {
    return step;
  }

  /** Returns the first element of a window that is inside. */
  int first(int window) {
    return first[window];
  }

  /** Returns where a window ends, exclusive. */
  int end(int window) {
    return end[window];
  }

  /** Returns how many elements a window counts. */
  int count(int window) {
    return count[window];
  }

  /** Returns whether windows are of two elements side by side. */
  boolean isOfPairs() {
    for (int k = 0; k < count.length; k++) {
      if (step > 1 || start[k] != 2 * k || first[k] != 2 * k || end[k] != 2 * k + 2) {
        return false;
      }
    }
    return true;
  }
}
