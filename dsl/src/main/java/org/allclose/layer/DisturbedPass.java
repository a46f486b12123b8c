package org.allclose.layer;

import java.util.ArrayList;
import java.util.List;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.layer.RoundingErrors.Kind;
import org.allclose.layer.RoundingErrors.Result;
import org.allclose.tensor.Tensor;

/** A layer's pass whose results are disturbed by artificial rounding errors. */
final class DisturbedPass implements Pass {
  private final LayerContext binding;
  private final RoundingErrors errors;
  private final Pass pass;
  private final Terms terms;
  private final List<String> statistics = new ArrayList<>();
  private final List<String> parameters = new ArrayList<>();
  private Pass nearby;

  /**
   * @param pass the layer's
   */
  DisturbedPass(Layer layer, Pass pass, LayerContext binding, RoundingErrors errors) {
    this.pass = pass;
    this.binding = binding;
    this.errors = errors;
    terms = pass.terms();
    nearby = pass;
    for (ParameterSpec parameter : layer.parameters(binding.input())) {
      (parameter.role() == Role.STATISTIC ? statistics : parameters).add(parameter.name());
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    if (errors.isDisturbing()) {
      Tensor y = disturbed(nearby.forward(x), Kind.OUTPUT, binding.name());
      for (String statistic : statistics) {
        disturb(binding.update(statistic), Kind.STATISTIC, binding.name(statistic));
      }
      return y;
    }
    Tensor y = pass.forward(x);
    keep(Kind.OUTPUT, binding.name(), terms.forward(x, y));
    // A layer of layers has their parameters, which they see to themselves.
    statistics.removeIf(
        name -> !binding.updates().containsKey(binding.name(name)) || isKept(Kind.STATISTIC, name));
    for (String statistic : statistics) {
      Tensor sums = terms.update(statistic, binding.update(statistic));
      keep(Kind.STATISTIC, binding.name(statistic), sums);
    }
    nearby = pass.disturbed(errors);
    return y;
  }

  @Override
  public Tensor backward(Tensor dout) {
    if (errors.isDisturbing()) {
      Tensor dx = disturbed(nearby.backward(dout), Kind.INPUT_GRADIENT, binding.name());
      for (String parameter : parameters) {
        disturb(binding.gradient(parameter), Kind.GRADIENT, binding.name(parameter));
      }
      return dx;
    }
    Tensor dx = pass.backward(dout);
    keep(Kind.INPUT_GRADIENT, binding.name(), terms.backward(dout, dx));
    parameters.removeIf(name -> isKept(Kind.GRADIENT, name));
    for (String parameter : parameters) {
      Tensor sums = terms.gradient(parameter, binding.gradient(parameter));
      keep(Kind.GRADIENT, binding.name(parameter), sums);
    }
    return dx;
  }

  private boolean isKept(Kind kind, String parameter) {
    return errors.terms().containsKey(new Result(kind, binding.name(parameter)));
  }

  private void keep(Kind kind, String name, Tensor sums) {
    errors.terms().put(new Result(kind, name), sums.copy());
  }

  /** Returns a copy, since what a pass returns may be its input on the same storage. */
  private Tensor disturbed(Tensor values, Kind kind, String name) {
    Tensor copy = values.copy();
    disturb(copy, kind, name);
    return copy;
  }

  private void disturb(Tensor values, Kind kind, String name) {
    errors.addTo(values, errors.terms().get(new Result(kind, name)));
  }
}
