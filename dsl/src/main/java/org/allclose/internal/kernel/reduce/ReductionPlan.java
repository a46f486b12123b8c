package org.allclose.internal.kernel.reduce;

/**
 * The order in which numpy visits the elements of a strided array that it reduces.
 *
 * <ol>
 *   <li>Axes are sorted by the magnitude of their strides, smallest innermost; equal ones stay in C
 *       order. Strides are not flipped. The result is laid out in the same order.
 *   <li>Neighbouring axes that are one in both arrays (stride times length is the next stride) are
 *       merged; axes of length 1 merge with any.
 *   <li>What is left is walked in <i>pieces</i>. Where x is not a single run over the inner axes it
 *       may be copied to a buffer of 8192 elements, which makes longer pieces; see {@link #pieces}.
 *   <li>A piece of one result is reduced as a run (a sum {@linkplain Sums pairwise}) and added to
 *       the result so far; else its elements are added to the results one by one.
 * </ol>
 *
 * <p>Source: numpy 2.4, {@code nditer_constr.c} and {@code reduction.c} (BSD-3-Clause); older than
 * 2.3 it fills its buffers by other rules. Immutable.
 */
final class ReductionPlan {
  private static final int BUFFER = 8192;

  /** Axes of x from the innermost to the outermost. */
  final int[] order;

  final int resultSize;

  // Merged axes, innermost first: length, and strides of x and of the result in numpy's layout.
  private final int rank;
  final int[] lengths;
  final int[] xStrides;
  final int[] resultStrides;

  final Pieces pieces;

  /**
   * How the walk is cut.
   *
   * @param block elements after which cutting starts anew
   * @param chunk elements of a block that are in the buffer at a time, or all
   * @param length elements of a piece, but for the last of a chunk
   * @param buffered whether x, or numpy's result, goes through a buffer
   */
  record Pieces(int block, int chunk, int length, boolean buffered) {}

  ReductionPlan(int[] shape, int[] strides, boolean[] reduced) {
    order = sortedAxes(shape, strides);
    lengths = new int[Math.max(1, shape.length)];
    xStrides = new int[lengths.length];
    resultStrides = new int[lengths.length];
    int last = 0;
    int size = 1;
    lengths[0] = 1;
    for (int axis : order) {
      int length = shape[axis];
      int xStride = length == 1 ? 0 : strides[axis];
      int resultStride = reduced[axis] || length == 1 ? 0 : size;
      size *= reduced[axis] ? 1 : length;
      boolean merges =
          areOne(lengths[last], xStrides[last], length, xStride)
              && areOne(lengths[last], resultStrides[last], length, resultStride);
      if (!merges) {
        last++;
        lengths[last] = 1;
      }
      lengths[last] *= length;
      xStrides[last] = xStrides[last] == 0 ? xStride : xStrides[last];
      resultStrides[last] = resultStrides[last] == 0 ? resultStride : resultStrides[last];
    }
    rank = last + 1;
    resultSize = size;
    pieces = pieces();
  }

  /** Returns the number of elements of the walk, those of x. */
  int elementCount() {
    int count = 1;
    for (int axis = 0; axis < rank; axis++) {
      count *= lengths[axis];
    }
    return count;
  }

  /** Returns where the i-th element of the walk stands in an array of the given merged strides. */
  int position(int i, int[] mergedStrides) {
    int position = 0;
    int left = i;
    for (int axis = 0; axis < rank; axis++) {
      position += left % lengths[axis] * mergedStrides[axis];
      left /= lengths[axis];
    }
    return position;
  }

  /** Whether a piece lies within the innermost axis, so that numpy copies nothing. */
  boolean pieceIsARun() {
    return pieces.length <= lengths[0] && (!pieces.buffered || xStrides[0] == 1);
  }

  /**
   * Finds the pieces as numpy's iterator does: it looks for the outermost axis to walk in its inner
   * loop such that few buffers have to be filled, where an array costs one if its inner axes are
   * not a single run. The axis on which the result starts or stops to move, the turn, is the last
   * one that is looked at; if that is the best, the axes within it are a piece.
   */
  private Pieces pieces() {
    int cost = 1;
    int xRun = 1;
    int resultRun = 1;
    int turn = 0;
    long size = lengths[0];
    int best = 0;
    long bestSize = size;
    long bestCost = cost;
    long core = 1;
    for (int axis = 1; axis < rank && turn == 0 && (size < BUFFER || cost == 1); axis++) {
      if (resultRun == axis && continues(resultStrides, axis)) {
        resultRun++;
      } else {
        cost += resultRun == axis ? 1 : 0;
        turn = resultStrides[axis] == 0 || resultStrides[axis - 1] == 0 ? axis : 0;
      }
      if (xRun == axis) {
        boolean continues = continues(xStrides, axis);
        xRun += continues ? 1 : 0;
        cost += continues ? 0 : 1;
      }
      long inner = size;
      size *= lengths[axis];
      if (size == 0) {
        break;
      }
      long filled = cost > 1 ? Math.min(size, BUFFER) : size;
      if (cost * bestSize <= bestCost * filled) {
        best = axis;
        bestCost = cost;
        bestSize = size;
        core = inner;
      }
    }
    boolean turns = turn != 0 && turn == best;
    boolean xTurns = turns && (xRun == best || (xStrides[turn] == 0 && xRun <= best));
    boolean buffered = xRun + (xTurns ? 1 : 0) <= best || resultRun + (turns ? 1 : 0) <= best;
    long chunk = buffered && bestSize > BUFFER ? BUFFER / core * core : bestSize;
    return new Pieces((int) bestSize, (int) chunk, (int) (turns ? core : chunk), buffered);
  }

  private boolean continues(int[] mergedStrides, int axis) {
    return mergedStrides[axis - 1] * lengths[axis - 1] == mergedStrides[axis];
  }

  /** Stable insertion sort as numpy has it: axes of stride 0 or length 1 compare with nothing. */
  private static int[] sortedAxes(int[] shape, int[] strides) {
    int rank = shape.length;
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      int axis = rank - 1 - i;
      int stride = shape[axis] == 1 ? 0 : Math.abs(strides[axis]);
      int position = i;
      for (int j = i - 1; j >= 0 && stride != 0; j--) {
        int other = shape[order[j]] == 1 ? 0 : Math.abs(strides[order[j]]);
        if (other != 0) {
          if (other <= stride) {
            break;
          }
          position = j;
        }
      }
      System.arraycopy(order, position, order, position + 1, i - position);
      order[position] = axis;
    }
    return order;
  }

  private static boolean areOne(int innerLength, int innerStride, int length, int stride) {
    return (innerLength == 1 && innerStride == 0)
        || (length == 1 && stride == 0)
        || innerStride * innerLength == stride;
  }
}
