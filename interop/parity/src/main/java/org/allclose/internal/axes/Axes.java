package org.allclose.internal.axes;

import java.util.Arrays;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Rearranges parameters and other small tensors, and computes with their elements; none of the
 * given ones is modified, and results are new.
 */
public final class Axes {
  private Axes() {}

  /** Returns a shape with an axis more at its end. */
  public static Shape append(Shape shape, int length) {
    int[] axes = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
    axes[shape.rank()] = length;
    return Shape.of(axes);
  }

  /** Returns {@code np.ascontiguousarray(tensor.transpose(axes))}. */
  public static Tensor transpose(Tensor tensor, int... axes) {
    Shape shape = tensor.shape();
    int[] strides = strides(shape);
    int[] lengths = new int[axes.length];
    int[] steps = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      lengths[i] = shape.axis(axes[i]);
      steps[i] = strides[axes[i]];
    }
    return gather(tensor, Shape.of(lengths), steps, 0);
  }

  /** Returns {@code np.flip(tensor, axis)}. */
  public static Tensor reverse(Tensor tensor, int axis) {
    Shape shape = tensor.shape();
    int[] steps = strides(shape);
    int start = (shape.axis(axis) - 1) * steps[axis];
    steps[axis] = -steps[axis];
    return gather(tensor, shape, steps, start);
  }

  /**
   * Returns the mean of {@code first - second} for each unit or channel: the axis 1.
   *
   * <p>Shapes: both (n, units, ...), result (units).
   */
  public static Tensor meanOfUnits(Tensor first, Tensor second) {
    int units = first.shape().axis(1);
    int places = first.size() / first.shape().axis(0) / units;
    double[] sums = new double[units];
    for (int i = 0; i < first.size(); i++) {
      sums[i / places % units] += first.unwrap()[i] - second.unwrap()[i];
    }
    for (int unit = 0; unit < units; unit++) {
      sums[unit] /= first.shape().axis(0) * places;
    }
    return Tensor.vector(sums);
  }

  /** Returns the tensor (n, units, ...) with one number added for each unit or channel. */
  public static Tensor addToUnits(Tensor tensor, Tensor numbers) {
    Tensor sum = tensor.copy();
    int places = tensor.size() / tensor.shape().axis(0) / numbers.size();
    for (int i = 0; i < sum.size(); i++) {
      sum.unwrap()[i] += numbers.unwrap()[i / places % numbers.size()];
    }
    return sum;
  }

  /**
   * Returns images (..., H, W) with rows and columns of one value around them.
   *
   * @param margins rows above and below, columns left and right; none negative
   */
  public static Tensor pad(Tensor images, double value, int... margins) {
    Shape shape = images.shape();
    int[] axes = shape.toArray();
    int height = shape.axis(axes.length - 2);
    int width = shape.axis(axes.length - 1);
    axes[axes.length - 2] = margins[0] + height + margins[1];
    int row = margins[2] + width + margins[3];
    axes[axes.length - 1] = row;
    Tensor padded = Tensor.zeros(Shape.of(axes));
    Arrays.fill(padded.unwrap(), value);
    for (int line = 0; line < images.size() / width; line++) {
      int above = margins[0] + line / height * (margins[0] + margins[1]) + line;
      System.arraycopy(
          images.unwrap(), line * width, padded.unwrap(), above * row + margins[2], width);
    }
    return padded;
  }

  /** Returns the elements whose index on an axis is given, as {@code np.take(tensor, indices)}. */
  public static Tensor take(Tensor tensor, int axis, int... indices) {
    int[] axes = tensor.shape().toArray();
    int inner = Arrays.stream(axes, axis + 1, axes.length).reduce(1, (a, b) -> a * b);
    int length = axes[axis];
    axes[axis] = indices.length;
    Tensor taken = Tensor.zeros(Shape.of(axes));
    for (int block = 0; block < taken.size() / inner; block++) {
      int from = block / indices.length * length + indices[block % indices.length];
      System.arraycopy(tensor.unwrap(), from * inner, taken.unwrap(), block * inner, inner);
    }
    return taken;
  }

  /** Returns {@code factor * tensor}. */
  public static Tensor scaled(Tensor tensor, double factor) {
    return combined(factor, tensor, 0, tensor);
  }

  /** Returns {@code a * x + b * y} for tensors of the same shape. */
  public static Tensor combined(double a, Tensor x, double b, Tensor y) {
    Tensor sum = Tensor.zeros(x.shape());
    for (int i = 0; i < sum.size(); i++) {
      sum.unwrap()[i] = a * x.unwrap()[i] + b * y.unwrap()[i];
    }
    return sum;
  }

  private static Tensor gather(Tensor tensor, Shape shape, int[] steps, int start) {
    Tensor result = Tensor.zeros(shape);
    int[] index = new int[shape.rank()];
    for (int i = 0; i < result.size(); i++) {
      int place = start;
      for (int axis = 0; axis < index.length; axis++) {
        place += index[axis] * steps[axis];
      }
      result.unwrap()[i] = tensor.unwrap()[place];
      for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape.axis(axis); axis--) {
        index[axis] = 0;
      }
    }
    return result;
  }

  private static int[] strides(Shape shape) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.axis(axis);
    }
    return strides;
  }
}
