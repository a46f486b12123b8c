package org.allclose.layer;

import java.util.HashMap;
import java.util.Map;
import org.allclose.kernel.Parallel;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * What a layer is given to run: the shape of its input, the batch size and its parameters.
 *
 * <p>Gradients come into being when first asked for, so that prediction pays nothing for them.
 */
public final class Binding {
  private final Shape input;
  private final int batch;
  private final Map<String, Tensor> parameters;
  private final Parallel parallel;
  private final Map<String, Tensor> gradients = new HashMap<>();

  /**
   * @param input the shape of one input sample
   * @param batch the number of samples in a batch
   * @param parameters values by the parameter's name within the layer; shared, not copied
   * @param parallel how many threads may work on it
   */
  public Binding(Shape input, int batch, Map<String, Tensor> parameters, Parallel parallel) {
    this.input = input;
    this.batch = batch;
    this.parameters = Map.copyOf(parameters);
    this.parallel = parallel;
  }

  /** Returns the shape of one input sample. */
  public Shape input() {
    return input;
  }

  /** Returns the number of samples in a batch. */
  public int batch() {
    return batch;
  }

  /**
   * Returns the value of a parameter, which training changes in place.
   *
   * @param name the parameter's name within the layer
   */
  public Tensor parameter(String name) {
    Tensor value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "parameter '" + name + "': expected one of " + parameters.keySet());
    }
    return value;
  }

  /**
   * Returns the tensor that the backward pass fills with the gradient of a parameter.
   *
   * @param name the parameter's name within the layer
   */
  public Tensor gradient(String name) {
    Tensor gradient = gradients.get(name);
    if (gradient == null) {
      gradient = Tensor.zeros(parameter(name).shape());
      gradients.put(name, gradient);
    }
    return gradient;
  }

  /** Returns how many threads may work on the batch; no result depends on it. */
  public Parallel parallel() {
    return parallel;
  }

  /** Returns a new tensor of zeros for one batch of inputs. */
  public Tensor newInputBatch() {
    return Tensor.zeros(input.prepend(batch));
  }
}
