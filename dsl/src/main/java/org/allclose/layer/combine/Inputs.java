package org.allclose.layer.combine;

import java.util.List;
import org.allclose.layer.Terms;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/** What layers of several inputs check of them, and the terms of sums of them. */
final class Inputs {
  private Inputs() {}

  static List<Shape> requireSeveral(List<Shape> inputs) {
    if (inputs.size() < 2) {
      throw new ShapeMismatchException("expected 2 inputs or more but got " + inputs.size());
    }
    return inputs;
  }

  static List<Shape> requireTwo(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new ShapeMismatchException("expected 2 inputs but got " + inputs.size());
    }
    return inputs;
  }

  /** Returns the shape that all inputs have. */
  static Shape requireSame(List<Shape> inputs) {
    if (inputs.stream().distinct().count() > 1) {
      throw new ShapeMismatchException("expected inputs of one shape but got " + inputs);
    }
    return inputs.get(0);
  }

  /** Returns the terms of sums and differences: {@code |a| + |b|}. */
  static Terms sumTerms() {
    return new Terms() {
      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        Tensor sums = Tensor.zeros(y.shape());
        for (Tensor input : inputs) {
          for (int i = 0; i < sums.size(); i++) {
            sums.unwrap()[i] += Math.abs(input.unwrap()[i]);
          }
        }
        return sums;
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
        return gradients.stream().map(Terms::magnitudes).toList();
      }
    };
  }
}
