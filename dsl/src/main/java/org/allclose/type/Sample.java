package org.allclose.type;

import java.util.List;
import org.allclose.tensor.Shape;

/**
 * An instance of a type for the tests that run over all types, and what it is given.
 *
 * @param <T> the record
 * @param value the instance
 * @param inputs the shape of one sample of each of its inputs: of a layer's inputs, of a loss's
 *     scores
 */
public record Sample<T>(T value, List<Shape> inputs) {

  public Sample {
    inputs = List.copyOf(inputs);
  }

  /** Returns a sample of one input. */
  public static <T> Sample<T> of(T value, int... input) {
    return new Sample<>(value, List.of(Shape.of(input)));
  }

  /** Returns a sample of several inputs. */
  public static <T> Sample<T> ofInputs(T value, Shape... inputs) {
    return new Sample<>(value, List.of(inputs));
  }
}
