package org.allclose.layer;

import java.util.Arrays;
import java.util.List;
import org.allclose.tensor.Tensor;

/** The pass of a layer of one input. */
public abstract class UnaryPass implements Pass {
  private final Tensor[] gradient = {Tensor.EMPTY};
  private final List<Tensor> gradients = Arrays.asList(gradient);

  /**
   * Computes the output, and keeps what the backward pass needs.
   *
   * @param x a batch; not modified; it must stay unchanged until after the backward pass
   */
  public abstract Tensor forward(Tensor x);

  /**
   * Computes the gradients of the input and of the parameters from the gradient of the output.
   *
   * @param dout the gradient of the loss with respect to the output; not modified
   * @return the gradient of the loss with respect to the input
   */
  public abstract Tensor backward(Tensor dout);

  @Override
  public final Tensor forward(List<Tensor> inputs) {
    return forward(inputs.get(0));
  }

  @Override
  public final List<Tensor> backwardToInputs(Tensor dout) {
    gradient[0] = backward(dout);
    return gradients;
  }

  /** A pass that keeps its input overrides this, and calls it. */
  @Override
  public void release() {
    gradient[0] = Tensor.EMPTY; // where nothing is computed, it is what the caller gave
  }
}
