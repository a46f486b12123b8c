package org.allclose;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.RoundingErrors.Kind;
import org.allclose.layer.RoundingErrors.Result;
import org.allclose.layer.Terms;
import org.allclose.tensor.Tensor;

/** A layer's pass whose results are disturbed by artificial rounding errors. */
final class DisturbedPass implements Pass {
  private final Node node;
  private final LayerContext context;
  private final RoundingErrors errors;
  private final Pass pass;
  private final Terms terms;
  private final List<String> statistics = new ArrayList<>();
  private final List<String> parameters = new ArrayList<>();
  private Pass nearby;

  /**
   * @param pass the layer's
   */
  DisturbedPass(Node node, Pass pass, LayerContext context, RoundingErrors errors) {
    this.node = node;
    this.pass = pass;
    this.context = context;
    this.errors = errors;
    terms = pass.terms();
    nearby = pass;
    for (ParameterSpec parameter : node.layer().parameters(node.inputShapes())) {
      if (parameter.role() == Role.STATISTIC) {
        statistics.add(parameter.name());
      } else if (parameter.role().isTrained()) {
        parameters.add(parameter.name());
      }
    }
  }

  @Override
  public Tensor forward(List<Tensor> inputs) {
    if (errors.isDisturbing()) {
      Tensor y = disturbed(nearby.forward(inputs), Kind.OUTPUT, node.name());
      for (String statistic : statistics) {
        disturb(context.update(statistic), Kind.STATISTIC, context.name(statistic));
      }
      return y;
    }
    Tensor y = pass.forward(inputs);
    keep(Kind.OUTPUT, node.name(), terms.forward(inputs, y));
    // In inference mode there are none.
    statistics.removeIf(name -> !context.updates().containsKey(context.name(name)));
    for (String statistic : statistics) {
      Tensor sums = terms.update(statistic, context.update(statistic));
      keep(Kind.STATISTIC, context.name(statistic), sums);
    }
    nearby = pass.disturbed(errors);
    return y;
  }

  @Override
  public List<Tensor> backwardToInputs(Tensor dout) {
    List<String> places = node.inputPlaces();
    if (errors.isDisturbing()) {
      List<Tensor> gradients = new ArrayList<>(nearby.backwardToInputs(dout));
      for (int i = 0; i < gradients.size(); i++) {
        gradients.set(i, disturbed(gradients.get(i), Kind.INPUT_GRADIENT, places.get(i)));
      }
      for (String parameter : parameters) {
        disturb(context.gradient(parameter), Kind.GRADIENT, context.name(parameter));
      }
      return gradients;
    }
    List<Tensor> gradients = pass.backwardToInputs(dout);
    List<Tensor> sums = terms.backward(dout, gradients);
    for (int i = 0; i < sums.size(); i++) {
      keep(Kind.INPUT_GRADIENT, places.get(i), sums.get(i));
    }
    for (String parameter : parameters) {
      Tensor own = terms.gradient(parameter, context.gradient(parameter));
      keep(Kind.GRADIENT, context.name(parameter), own);
    }
    return gradients;
  }

  /**
   * Disturbs the sum of gradients that come back to an output from several layers, as {@code sum =
   * before + part}.
   *
   * @param sum modified
   */
  static void disturbSum(
      RoundingErrors errors, String name, Tensor before, Tensor part, Tensor sum) {
    Result result = new Result(Kind.GRADIENT_SUM, name);
    if (errors.isDisturbing()) {
      errors.addTo(sum, Objects.requireNonNull(errors.terms().get(result)));
      return;
    }
    // Where there are more than two, the last sum's errors are those of all: none is larger.
    Tensor own = Terms.magnitudes(part);
    Tensor first =
        before.unwrap() == sum.unwrap() // the sum so far
            ? errors.terms().getOrDefault(result, Terms.magnitudes(sum))
            : Terms.magnitudes(before);
    for (int i = 0; i < own.size(); i++) {
      own.unwrap()[i] += first.unwrap()[i];
    }
    errors.terms().put(result, own);
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
    errors.addTo(values, Objects.requireNonNull(errors.terms().get(new Result(kind, name))));
  }
}
