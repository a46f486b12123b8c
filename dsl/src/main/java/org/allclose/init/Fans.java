package org.allclose.init;

import org.allclose.tensor.Shape;

/**
 * How many inputs and outputs a unit of a layer has: what the scale of its weights depends on.
 *
 * @param in fan-in: the numbers that one output is a sum of
 * @param out fan-out: the outputs that one input has a part in
 */
public record Fans(int in, int out) {

  /**
   * @throws IllegalArgumentException if one is less than 1
   */
  public Fans {
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          "fans: expected fan-in and fan-out of at least 1 but got " + in + " and " + out);
    }
  }

  /**
   * Returns the fans of weights by their shape.
   *
   * <p>Dense, (in, out): in and out. Convolution, (filters, channels, ...): channels and filters,
   * each times the size of the kernel. A vector, (n): n and n.
   *
   * @throws IllegalArgumentException if there is no axis, or one of length 0
   */
  public static Fans of(Shape shape) {
    return switch (shape.rank()) {
      case 0 ->
          throw new IllegalArgumentException("fans: expected at least one axis but got shape ()");
      case 1 -> new Fans(shape.axis(0), shape.axis(0));
      case 2 -> new Fans(shape.axis(0), shape.axis(1));
      default -> {
        int kernel = 1;
        for (int axis = 2; axis < shape.rank(); axis++) {
          kernel *= shape.axis(axis);
        }
        yield new Fans(shape.axis(1) * kernel, shape.axis(0) * kernel);
      }
    };
  }
}
