package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Orders of axes and of rows. */
final class Permutations {

  /** Longer orders are not told in full. */
  private static final int LONGEST = 12;

  private Permutations() {}

  /** Returns all orders of a number of axes but the present one, in increasing order. */
  static Stream<int[]> ofAxes(int rank) {
    List<int[]> orders = new ArrayList<>();
    collect(new int[rank], 0, orders);
    return orders.stream().skip(1);
  }

  /** Returns the shape of a tensor whose axes are put in another order. */
  static Shape shape(Shape shape, int... axes) {
    return Shape.of(Arrays.stream(axes).map(shape::axis).toArray());
  }

  /** Returns the order that undoes another. */
  static int[] inverse(int... order) {
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    return inverse;
  }

  /**
   * Returns which row of a matrix each row of another one is, if they are the same in another
   * order.
   *
   * @param near how far numbers that are the same may be apart
   */
  static Optional<int[]> matching(double[][] rows, double[][] others, double near) {
    int[] order = new int[rows.length];
    boolean[] taken = new boolean[others.length];
    for (int row = 0; row < rows.length; row++) {
      int found = 0;
      while (found < others.length && (taken[found] || !isNear(rows[row], others[found], near))) {
        found++;
      }
      if (found == others.length) {
        return Optional.empty();
      }
      taken[found] = true;
      order[row] = found;
    }
    return isIdentity(order) ? Optional.empty() : Optional.of(order);
  }

  /** Returns the rows of a tensor (n, K, ...): what it has for each index of the axis 1. */
  static double[][] unitsOf(Tensor tensor) {
    int units = tensor.shape().axis(1);
    int places = tensor.size() / tensor.shape().axis(0) / units;
    double[][] rows = new double[units][tensor.shape().axis(0) * places];
    for (int i = 0; i < tensor.size(); i++) {
      rows[i / places % units][i / places / units * places + i % places] = tensor.unwrap()[i];
    }
    return rows;
  }

  /**
   * Says an order of things, such as {@code classes 0 and 3 are exchanged}.
   *
   * @param things what is in another order, in the plural
   * @param whose where they are, such as {@code of the input}; may be empty
   * @param order for each of the recording, which of ours it is
   */
  static String text(String things, String whose, int... order) {
    int[] moved = IntStream.range(0, order.length).filter(i -> order[i] != i).toArray();
    String of = whose.isEmpty() ? "" : " " + whose;
    if (moved.length == 2) {
      return things + " " + moved[0] + " and " + moved[1] + of + " are exchanged";
    }
    int last = order.length - 1;
    if (IntStream.rangeClosed(0, last).allMatch(i -> order[i] == last - i)) {
      return "the " + things + of + " are in reverse order";
    }
    return order.length <= LONGEST
        ? "the " + things + of + " are in the order " + Shape.of(order)
        : "the "
            + things
            + of
            + " are in another order: the recording's "
            + moved[0]
            + " is the network's "
            + order[moved[0]]
            + ", and so on";
  }

  private static boolean isNear(double[] row, double[] other, double near) {
    for (int i = 0; i < row.length; i++) {
      if (!(Math.abs(row[i] - other[i]) <= near)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isIdentity(int... order) {
    return IntStream.range(0, order.length).allMatch(i -> order[i] == i);
  }

  private static void collect(int[] axes, int count, List<int[]> orders) {
    if (count == axes.length) {
      orders.add(axes.clone());
      return;
    }
    for (int axis = 0; axis < axes.length; axis++) {
      int candidate = axis;
      if (Arrays.stream(axes, 0, count).noneMatch(earlier -> earlier == candidate)) {
        axes[count] = axis;
        collect(axes, count + 1, orders);
      }
    }
  }
}
