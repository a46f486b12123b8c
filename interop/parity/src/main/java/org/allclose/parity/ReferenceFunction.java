package org.allclose.parity;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Evaluation;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.loss.SoftmaxLoss;
import org.allclose.loss.Targets;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** A function of the Python reference that a network of one layer, or a loss alone, computes. */
enum ReferenceFunction {

  /** {@code fc(x, W, b)}: a dense layer, and its gradients for {@code dout}. */
  FC("fc") {
    @Override
    Map<String, Tensor> results(RecordedCase recorded) {
      Tensor x = recorded.input("x");
      Map<String, Tensor> parameters =
          Map.of("fc/W", recorded.input("W"), "fc/b", recorded.input("b"));
      NetworkSpec spec =
          Network.input(x.shape().dropFirst().toArray())
              .dense("fc", recorded.input("b").size())
              .build();
      Evaluation evaluation =
          spec.bind(Parameters.wrap(parameters)).backward(x, recorded.input("dout"));
      return Map.of(
          "out", evaluation.scores(),
          "dx", evaluation.inputGradient(),
          "dW", evaluation.gradient("fc/W"),
          "db", evaluation.gradient("fc/b"));
    }
  },

  /** {@code relu(x)} of any shape, and its gradient for {@code dout}. */
  RELU("relu") {
    @Override
    Map<String, Tensor> results(RecordedCase recorded) {
      Tensor x = recorded.input("x");
      Shape row = Shape.of(1, x.size());
      Evaluation evaluation =
          Network.input(x.size())
              .relu()
              .build()
              .bind(Parameters.wrap(Map.of()))
              .backward(x.reshape(row), recorded.input("dout").reshape(row));
      return Map.of(
          "out", evaluation.scores().reshape(x.shape()),
          "dx", evaluation.inputGradient().reshape(x.shape()));
    }
  },

  /** {@code softmax_loss(x, y)}: the loss of scores, and its gradient. */
  SOFTMAX_LOSS("softmax_loss") {
    @Override
    Map<String, Tensor> results(RecordedCase recorded) {
      Tensor x = recorded.input("x");
      SoftmaxLoss loss = new SoftmaxLoss();
      loss.checkScores(x.shape().dropFirst());
      Tensor dout = Tensor.zeros(x.shape());
      double value = loss.evaluate(x, Targets.labels(recorded.input("y")), dout);
      return Map.of("loss", Tensor.scalar(value), "dout", dout);
    }
  };

  private final String python;

  ReferenceFunction(String python) {
    this.python = python;
  }

  /** Returns the function of a case, if there is one of its name. */
  static Optional<ReferenceFunction> of(RecordedCase recorded) {
    return Arrays.stream(values())
        .filter(function -> recorded.function().equals(Optional.of(function.python)))
        .findFirst();
  }

  /** Returns the names that Python has for them. */
  static List<String> names() {
    return Arrays.stream(values()).map(function -> function.python).toList();
  }

  /**
   * Computes everything that a case of the function can expect, by the names of its tensors.
   *
   * @throws IllegalArgumentException if the case lacks an input, or one does not fit
   */
  abstract Map<String, Tensor> results(RecordedCase recorded);
}
