package org.allclose.layer.combine;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** The pass of a layer of several inputs without parameters. */
abstract class CombiningPass implements Pass {
  final LayerContext context;
  private final Ops ops;
  private final Tensor out;
  private final Tensor[] buffers;
  private final List<Tensor> gradients;
  private List<Tensor> inputs = List.of();

  CombiningPass(LayerContext context, Shape output) {
    this.context = context;
    ops = Ops.of(context.dtype(), context.threads());
    out = context.newBatch(output);
    buffers = new Tensor[context.inputs().size()];
    Arrays.fill(buffers, Tensor.EMPTY);
    gradients = Arrays.asList(buffers.clone());
  }

  /** Computes the output of a batch. */
  abstract void compute(Ops operations, List<Tensor> x, Tensor y);

  /**
   * Computes the gradient of each input of a batch.
   *
   * @param results modified: dout itself, or what {@link #gradient} returns
   */
  abstract void computeGradients(Ops operations, Tensor dout, List<Tensor> x, List<Tensor> results);

  /** Returns the buffer of an input's gradient, now among the results. */
  final Tensor gradient(List<Tensor> results, int input) {
    if (buffers[input].size() == 0) {
      buffers[input] = context.newBatch(context.inputs().get(input));
    }
    results.set(input, buffers[input]);
    return buffers[input];
  }

  /** Returns the latest batches of inputs. */
  final List<Tensor> inputs() {
    return inputs;
  }

  /** Returns a new tensor of zeros of the output's shape. */
  final Tensor newOutput() {
    return Tensor.zeros(out.shape());
  }

  @Override
  public final Tensor forward(List<Tensor> batches) {
    inputs = batches;
    compute(ops, batches, out);
    return out;
  }

  @Override
  public final List<Tensor> backwardToInputs(Tensor dout) {
    computeGradients(ops, dout, inputs, gradients);
    return gradients;
  }

  @Override
  public final void release() {
    inputs = List.of();
    Collections.fill(gradients, Tensor.EMPTY); // some are what the caller gave
  }
}
