package org.allclose.layer.sequence;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.internal.ops.Recurrent;
import org.allclose.internal.ops.SequenceOps;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.tensor.Tensor;

/** The pass of a recurrent layer. */
final class RecurrentPass implements Pass {
  private final RecurrentLayer layer;
  private final LayerContext context;
  private final Recurrent recurrent;
  private final Tensor out;
  private final Tensor[] buffers;
  private final List<Tensor> gradients;
  private final int states;
  private Optional<Recurrent.Weights> ofParameters = Optional.empty();

  RecurrentPass(RecurrentLayer layer, LayerContext context) {
    this.layer = layer;
    this.context = context;
    recurrent =
        SequenceOps.of(context.dtype())
            .recurrent(
                Recurrences.kind(layer),
                context.input().prepend(context.batch()),
                layer.units(),
                layer.reverse(),
                Recurrent.Result.valueOf(layer.returns().name()),
                Recurrences.weights(layer, context::parameter));
    out = context.newBatch(layer.outputShape(context.inputs()));
    states = context.inputs().size() - 1 - (layer.lengths() ? 1 : 0);
    buffers = new Tensor[context.inputs().size()];
    Arrays.fill(buffers, Tensor.EMPTY);
    gradients = Arrays.asList(buffers);
  }

  @Override
  public Tensor forward(List<Tensor> inputs) {
    Tensor lengths = layer.lengths() ? inputs.get(inputs.size() - 1) : Tensor.EMPTY;
    Tokens.requireBelow(context, "lengths", lengths, context.input().axis(0) + 1);
    Tensor h0 = states > 0 ? inputs.get(1) : Tensor.EMPTY;
    Tensor c0 = states > 1 ? inputs.get(2) : Tensor.EMPTY;
    recurrent.forward(inputs.get(0), h0, c0, lengths, out);
    return out;
  }

  @Override
  public List<Tensor> backwardToInputs(Tensor dout) {
    if (ofParameters.isEmpty()) {
      ofParameters = Optional.of(Recurrences.weights(layer, context::gradient));
    }
    backward(recurrent, dout, ofParameters.get(), buffers);
    return gradients;
  }

  private void backward(
      Recurrent plan, Tensor dout, Recurrent.Weights parameters, Tensor[] results) {
    for (int i = 0; i <= states; i++) {
      if (results[i].size() == 0) {
        results[i] = context.newBatch(context.inputs().get(i));
      }
    }
    plan.backward(dout, results[0], parameters);
    if (states > 0) {
      plan.stateGradient(results[1]);
    }
    if (states > 1) {
      plan.memoryGradient(results[2]);
    }
  }

  @Override
  public void release() {
    recurrent.release();
  }

  /** Those of all steps together, as if gates were given exactly on the way back. */
  @Override
  public Terms terms() {
    return new Terms() {
      private final Map<String, Tensor> ofGradients = new HashMap<>();
      private Recurrent plan = recurrent;

      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        Tensor terms = Tensor.zeros(y.shape());
        plan =
            recurrent.terms(
                Recurrences.weights(layer, name -> Terms.magnitudes(context.parameter(name))),
                terms);
        return terms;
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> given) {
        Tensor[] results = new Tensor[given.size()];
        Arrays.fill(results, Tensor.EMPTY);
        Recurrent.Weights parameters =
            Recurrences.weights(
                layer,
                name -> {
                  Tensor sums = Tensor.zeros(context.parameter(name).shape());
                  ofGradients.put(name, sums);
                  return sums;
                });
        RecurrentPass.this.backward(plan, Terms.magnitudes(dout), parameters, results);
        return List.of(results);
      }

      @Override
      public Tensor gradient(String parameter, Tensor value) {
        return ofGradients.getOrDefault(parameter, value);
      }
    };
  }
}
