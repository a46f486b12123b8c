package org.allclose.internal.kernel.reduce;

import java.util.Arrays;

/**
 * numpy's reductions of a strided array over any axes: sum, mean, variance and maximum with the
 * bits of {@code np.sum(x, axis)} and its kind. The order is that of {@link ReductionPlan}.
 *
 * <p>A sum starts from 0.0, a maximum from the first element. Immutable; computing allocates a
 * buffer where numpy needs one, and for a variance an array of the size of x. {@link Sums} has the
 * common cases of C-ordered arrays without that.
 */
public final class Reduction {
  private static final boolean[] NOT_ASKED = {};
  private static final double[] NO_BUFFER = {};

  private final int[] shape;
  private final int[] strides;
  private final boolean[] reduced;
  private final ReductionPlan plan;

  private Reduction(int[] shape, int[] strides, boolean[] reduced) {
    this.shape = shape;
    this.strides = strides;
    this.reduced = reduced;
    plan = new ReductionPlan(shape, strides, reduced);
  }

  /**
   * Returns the reduction of an array over some of its axes.
   *
   * @param strides in elements; of any sign
   * @param axes distinct, from 0
   */
  public static Reduction of(int[] shape, int[] strides, int... axes) {
    boolean[] reduced = new boolean[shape.length];
    for (int axis : axes) {
      reduced[axis] = true;
    }
    return new Reduction(shape.clone(), strides.clone(), reduced);
  }

  /** Returns the reduction of a C-ordered array over some of its axes, distinct, from 0. */
  public static Reduction ofCOrder(int[] shape, int... axes) {
    int[] strides = new int[shape.length];
    int size = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = size;
      size *= shape[axis];
    }
    return of(shape, strides, axes);
  }

  /** Returns the number of elements of the result. */
  public int resultSize() {
    return plan.resultSize;
  }

  /**
   * Computes {@code np.sum(x, axis)}.
   *
   * @param offset of the element of x whose indices are 0
   * @param result C-ordered, {@link #resultSize} elements; modified
   */
  public void sum(double[] x, int offset, double[] result) {
    reduce(x, offset, result, false);
  }

  /** Computes {@code np.mean(x, axis)}; the parameters are those of {@link #sum}. */
  public void mean(double[] x, int offset, double[] result) {
    sum(x, offset, result);
    divideByCount(result);
  }

  /** Computes {@code np.var(x, axis)}; the parameters are those of {@link #sum}. */
  public void variance(double[] x, int offset, double[] result) {
    mean(x, offset, result);
    // numpy lays the squared deviations out in the order of the axes of x.
    int[] dense = new int[shape.length];
    int size = 1;
    for (int axis : plan.order) {
      dense[axis] = size;
      size *= shape[axis];
    }
    double[] squares = new double[size];
    int[] index = new int[shape.length];
    for (int i = 0; i < size; i++) {
      double deviation = x[offset + dot(index, strides)] - result[resultIndex(index)];
      squares[dot(index, dense)] = deviation * deviation;
      advance(index, shape);
    }
    new Reduction(shape, dense, reduced).sum(squares, 0, result);
    divideByCount(result);
  }

  /**
   * Computes {@code np.max(x, axis)}; the parameters are those of {@link #sum}. No reduced axis may
   * have length 0.
   */
  public void max(double[] x, int offset, double[] result) {
    reduce(x, offset, result, true);
  }

  private void divideByCount(double[] result) {
    double count = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      count *= reduced[axis] ? shape[axis] : 1;
    }
    for (int i = 0; i < plan.resultSize; i++) {
      result[i] /= count;
    }
  }

  // The walk

  private void reduce(double[] x, int offset, double[] result, boolean maximum) {
    boolean inOrder = resultIsInCOrder();
    double[] target = inOrder ? result : new double[plan.resultSize];
    Arrays.fill(target, 0, plan.resultSize, 0.0);
    // The results that have a first element already; only a maximum asks.
    boolean[] visited = maximum ? new boolean[plan.resultSize] : NOT_ASKED;
    int total = plan.resultSize == 0 ? 0 : plan.elementCount();
    double[] piece =
        plan.pieceIsARun() ? NO_BUFFER : new double[Math.min(plan.pieces.length(), total)];
    for (int block = 0; block < total; block += plan.pieces.block()) {
      for (int chunk = block; chunk < block + plan.pieces.block(); chunk += plan.pieces.chunk()) {
        int end = Math.min(chunk + plan.pieces.chunk(), block + plan.pieces.block());
        for (int start = chunk; start < end; start += plan.pieces.length()) {
          int n = Math.min(plan.pieces.length(), end - start);
          if (plan.resultStrides[0] != 0) {
            spread(x, offset, start, n, target, visited);
          } else if (piece.length == 0) {
            int from = offset + plan.position(start, plan.xStrides);
            fold(
                x,
                from,
                plan.xStrides[0],
                n,
                plan.position(start, plan.resultStrides),
                target,
                visited);
          } else {
            gather(x, offset, start, n, piece);
            fold(piece, 0, 1, n, plan.position(start, plan.resultStrides), target, visited);
          }
        }
      }
    }
    if (!inOrder) {
      toCOrder(target, result);
    }
  }

  /** Reduces a piece of one result. */
  private static void fold(
      double[] x, int from, int stride, int n, int at, double[] target, boolean[] visited) {
    if (visited.length == 0) {
      target[at] += Sums.pairwise(x, from, stride, n);
    } else if (visited[at]) {
      target[at] = Maxima.max(target[at], x, from, stride, n);
    } else {
      visited[at] = true;
      target[at] = Maxima.max(x[from], x, from + stride, stride, n - 1);
    }
  }

  /**
   * Adds each element of a piece to its own result. Pieces start where the innermost axis does, and
   * in numpy's layout the innermost axis of the result is contiguous.
   */
  private void spread(
      double[] x, int offset, int start, int n, double[] target, boolean[] visited) {
    for (int done = 0; done < n; done += plan.lengths[0]) {
      int from = offset + plan.position(start + done, plan.xStrides);
      int to = plan.position(start + done, plan.resultStrides);
      for (int i = 0; i < Math.min(n - done, plan.lengths[0]); i++) {
        double value = x[from + i * plan.xStrides[0]];
        if (visited.length == 0) {
          target[to + i] += value;
        } else {
          target[to + i] = visited[to + i] ? Maxima.max(target[to + i], value) : value;
          visited[to + i] = true;
        }
      }
    }
  }

  private void gather(double[] x, int offset, int start, int n, double[] piece) {
    for (int done = 0; done < n; done += plan.lengths[0]) {
      int from = offset + plan.position(start + done, plan.xStrides);
      for (int i = 0; i < Math.min(n - done, plan.lengths[0]); i++) {
        piece[done + i] = x[from + i * plan.xStrides[0]];
      }
    }
  }

  // The result

  private boolean resultIsInCOrder() {
    int last = shape.length;
    for (int axis : plan.order) {
      if (!reduced[axis] && shape[axis] != 1) {
        if (axis > last) {
          return false;
        }
        last = axis;
      }
    }
    return true;
  }

  private void toCOrder(double[] target, double[] result) {
    int[] layout = new int[shape.length];
    int[] kept = new int[shape.length];
    int size = 1;
    for (int axis : plan.order) {
      kept[axis] = reduced[axis] ? 1 : shape[axis];
      layout[axis] = size;
      size *= kept[axis];
    }
    int[] index = new int[shape.length];
    for (int i = 0; i < plan.resultSize; i++) {
      result[i] = target[dot(index, layout)];
      advance(index, kept);
    }
  }

  /** Index in the C-ordered result of the element of x with the given indices. */
  private int resultIndex(int[] index) {
    int position = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      if (!reduced[axis]) {
        position = position * shape[axis] + index[axis];
      }
    }
    return position;
  }

  private static int dot(int[] index, int[] strides) {
    int position = 0;
    for (int axis = 0; axis < index.length; axis++) {
      position += index[axis] * strides[axis];
    }
    return position;
  }

  /** Steps to the next indices in C order. */
  private static void advance(int[] index, int[] bounds) {
    for (int axis = index.length - 1; axis >= 0; axis--) {
      if (++index[axis] < bounds[axis]) {
        return;
      }
      index[axis] = 0;
    }
  }
}
