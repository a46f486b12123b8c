package org.allclose.internal.kernel.elementwise;

import java.util.Arrays;

/**
 * Two C-ordered arrays that numpy broadcasts: aligned at the last axis, an axis of length 1 is
 * taken again and again for one of the other.
 *
 * <p>Neighbouring axes that are one in both arrays are merged, so that arrays of one shape are a
 * single run. A plan belongs to one caller at a time; a run of it allocates nothing.
 */
public final class Broadcasting {
  /** How often an element that stands still is written out at a time. */
  private static final int CHUNK = 256;

  // Merged axes of the result, innermost first, and elements to the next along each; 0: it stays.
  private final int[] lengths;
  private final int[] aStrides;
  private final int[] bStrides;

  private final int rank;
  private final int runs;
  private final int[] index;
  private final double[] repeated;

  private Broadcasting(int[] a, int[] b) {
    int axes = Math.max(a.length, b.length);
    lengths = new int[Math.max(1, axes)];
    aStrides = new int[lengths.length];
    bStrides = new int[lengths.length];
    lengths[0] = 1;
    int last = 0;
    int count = 1;
    int aSize = 1;
    int bSize = 1;
    for (int i = 1; i <= axes; i++) {
      int aLength = i <= a.length ? a[a.length - i] : 1;
      int bLength = i <= b.length ? b[b.length - i] : 1;
      int length = aLength == 1 ? bLength : aLength;
      if (length == 1) {
        continue;
      }
      int aStride = aLength == 1 ? 0 : aSize;
      int bStride = bLength == 1 ? 0 : bSize;
      boolean merges =
          aStrides[last] * lengths[last] == aStride && bStrides[last] * lengths[last] == bStride;
      if (lengths[last] != 1 && !merges) {
        last++;
      }
      if (lengths[last] == 0 || lengths[last] == 1) {
        lengths[last] = 1;
        aStrides[last] = aStride;
        bStrides[last] = bStride;
      }
      lengths[last] *= length;
      aSize *= aLength;
      bSize *= bLength;
      count *= length;
    }
    rank = last + 1;
    runs = lengths[0] == 0 ? 0 : count / lengths[0];
    index = new int[rank];
    boolean isWhole = aStrides[0] == bStrides[0];
    repeated = new double[isWhole ? 0 : Math.min(CHUNK, lengths[0])];
  }

  /**
   * Plans operations on arrays of two shapes, whose axes from the last are equal, or one of them 1.
   */
  public static Broadcasting of(int[] a, int[] b) {
    return new Broadcasting(a, b);
  }

  /**
   * Computes an operation for each element of the result, in C order.
   *
   * @param a not modified, unless it is out
   * @param b not modified, unless it is out
   * @param out modified; may be an operand that has the result's shape
   */
  public void run(BinaryOperation operation, double[] a, double[] b, double[] out) {
    int aOffset = 0;
    int bOffset = 0;
    Arrays.fill(index, 0);
    for (int run = 0; run < runs; run++) {
      run(operation, a, aOffset, b, bOffset, out, run * lengths[0]);
      for (int axis = 1; axis < rank; axis++) {
        aOffset += aStrides[axis];
        bOffset += bStrides[axis];
        if (++index[axis] < lengths[axis]) {
          break;
        }
        aOffset -= aStrides[axis] * lengths[axis];
        bOffset -= bStrides[axis] * lengths[axis];
        index[axis] = 0;
      }
    }
  }

  private void run(
      BinaryOperation operation,
      double[] a,
      int aOffset,
      double[] b,
      int bOffset,
      double[] out,
      int offset) {
    int n = lengths[0];
    if (repeated.length == 0) {
      operation.run(a, aOffset, b, bOffset, out, offset, n);
      return;
    }
    boolean aStays = aStrides[0] == 0;
    Arrays.fill(repeated, aStays ? a[aOffset] : b[bOffset]);
    for (int start = 0; start < n; start += repeated.length) {
      int part = Math.min(repeated.length, n - start);
      if (aStays) {
        operation.run(repeated, 0, b, bOffset + start, out, offset + start, part);
      } else {
        operation.run(a, aOffset + start, repeated, 0, out, offset + start, part);
      }
    }
  }
}
