package org.allclose.tensor;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * An n-dimensional array of doubles in C order: the last axis varies fastest, as numpy's default.
 *
 * <p>The shape is fixed, the elements are not. Two tensors are equal if their shapes are and every
 * element has the same bits, where NaN equals NaN and -0.0 is not 0.0.
 */
public final class Tensor {

  /** A tensor without elements, of shape (0,). */
  public static final Tensor EMPTY = zeros(0);

  private final Shape shape;
  private final double[] elements;

  private Tensor(Shape shape, double[] elements) {
    this.shape = shape;
    this.elements = elements;
  }

  /** Returns a new tensor of zeros. */
  public static Tensor zeros(Shape shape) {
    return new Tensor(shape, new double[shape.size()]);
  }

  /** Returns a new tensor of zeros with the given axis lengths. */
  public static Tensor zeros(int... axes) {
    return zeros(Shape.of(axes));
  }

  /**
   * Returns a tensor with a copy of the given elements in C order.
   *
   * @throws ShapeMismatchException if there are not as many elements as the shape has
   */
  public static Tensor of(Shape shape, double... elements) {
    return wrap(shape, elements.clone());
  }

  /**
   * Returns a tensor of one axis with a copy of the given elements.
   *
   * @param elements not modified
   */
  public static Tensor vector(double... elements) {
    return wrap(Shape.of(elements.length), elements.clone());
  }

  /**
   * Returns a tensor of two axes with a copy of the given rows.
   *
   * @throws ShapeMismatchException if the rows differ in length
   */
  public static Tensor matrix(double[]... rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    Tensor result = zeros(rows.length, columns);
    for (int row = 0; row < rows.length; row++) {
      if (rows[row].length != columns) {
        throw new ShapeMismatchException(
            "row " + row + ": expected " + columns + " elements but got " + rows[row].length);
      }
      System.arraycopy(rows[row], 0, result.elements, row * columns, columns);
    }
    return result;
  }

  /** Returns a tensor without axes that holds one number. */
  public static Tensor scalar(double value) {
    return new Tensor(Shape.of(), new double[] {value});
  }

  /**
   * Returns a tensor that uses the given array as its storage: changes of one show in the other.
   *
   * @param elements C-ordered; kept, not copied
   * @throws ShapeMismatchException if there are not as many elements as the shape has
   */
  public static Tensor wrap(Shape shape, double[] elements) {
    if (elements.length != shape.size()) {
      throw new ShapeMismatchException(
          "tensor of shape "
              + shape
              + ": expected "
              + shape.size()
              + " elements but got "
              + elements.length);
    }
    return new Tensor(shape, elements);
  }

  public Shape shape() {
    return shape;
  }

  /** Returns the number of elements. */
  public int size() {
    return elements.length;
  }

  /**
   * Returns one element.
   *
   * @param index one index for each axis
   * @throws IndexOutOfBoundsException if an index is outside its axis
   * @throws ShapeMismatchException if there is not one index for each axis
   */
  public double get(int... index) {
    return elements[position(index)];
  }

  /**
   * Replaces one element.
   *
   * @param index one index for each axis
   * @throws IndexOutOfBoundsException if an index is outside its axis
   * @throws ShapeMismatchException if there is not one index for each axis
   */
  public void set(double value, int... index) {
    elements[position(index)] = value;
  }

  /** Returns the storage itself, in C order: changes of it show in this tensor. */
  public double[] unwrap() {
    return elements;
  }

  /** Returns the elements in C order, a copy. */
  public double[] toArray() {
    return elements.clone();
  }

  /** Returns a tensor of the same shape with a copy of the elements. */
  public Tensor copy() {
    return new Tensor(shape, elements.clone());
  }

  /**
   * Returns a tensor of another shape on the same storage.
   *
   * @throws ShapeMismatchException if the number of elements differs
   */
  public Tensor reshape(Shape other) {
    if (other.size() != elements.length) {
      throw new ShapeMismatchException(
          "reshape of "
              + shape
              + ": expected "
              + size()
              + " elements but "
              + other
              + " has "
              + other.size());
    }
    return new Tensor(other, elements);
  }

  /** Returns a tensor of another shape on the same storage, as {@link #reshape(Shape)}. */
  public Tensor reshape(int... axes) {
    return reshape(Shape.of(axes));
  }

  /**
   * Returns this tensor as a matrix on the same storage: the first axis by all others together.
   *
   * @throws IllegalStateException if there is no axis or no element: Commons Math has no empty
   *     matrices
   */
  public DenseMatrix asMatrix() {
    if (shape.rank() == 0 || size() == 0) {
      throw new IllegalStateException(
          "tensor of shape " + shape + ": expected a first axis and elements to view as a matrix");
    }
    int rows = shape.axis(0);
    return DenseMatrix.wrap(rows, size() / rows, elements);
  }

  /** Returns what the elements are. */
  public DType dtype() {
    return DType.FLOAT64;
  }

  /**
   * Takes the elements of another tensor of the same shape.
   *
   * @throws ShapeMismatchException if it has another one
   */
  public void copyFrom(Tensor other) {
    if (!shape.equals(other.shape)) {
      throw new ShapeMismatchException("expected shape " + shape + " but got " + other.shape);
    }
    System.arraycopy(other.elements, 0, elements, 0, elements.length);
  }

  /** Returns what a function gives for each element, as a new tensor. */
  public Tensor map(DoubleUnaryOperator function) {
    return new Tensor(shape, Arrays.stream(elements).map(function).toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor tensor
        && shape.equals(tensor.shape)
        && Arrays.equals(elements, tensor.elements);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(elements);
  }

  /** Returns the shape and the first elements, on one line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Tensor").append(shape).append(" [");
    int shown = Math.min(size(), 6);
    for (int i = 0; i < shown; i++) {
      text.append(i == 0 ? "" : ", ").append(elements[i]);
    }
    return text.append(shown < size() ? ", ...]" : "]").toString();
  }

  private int position(int[] index) {
    if (index.length != shape.rank()) {
      throw new ShapeMismatchException(
          "index " + Arrays.toString(index) + ": expected one index for each axis of " + shape);
    }
    int position = 0;
    for (int axis = 0; axis < index.length; axis++) {
      if (index[axis] < 0 || index[axis] >= shape.axis(axis)) {
        throw new IndexOutOfBoundsException(
            "index " + Arrays.toString(index) + ": outside of shape " + shape);
      }
      position = position * shape.axis(axis) + index[axis];
    }
    return position;
  }
}
