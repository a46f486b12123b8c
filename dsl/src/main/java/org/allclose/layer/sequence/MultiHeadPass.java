package org.allclose.layer.sequence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.Terms;
import org.allclose.tensor.Tensor;

/** Passes one behind the other: the projections of queries, keys and values, attention, output. */
final class MultiHeadPass implements Pass {
  private final LayerContext context;
  private final Ops ops;
  private final List<Pass> projections;
  private final Pass attention;
  private final Pass output;

  /** Whether queries, keys and values are of one input. */
  private final boolean isOfOne;

  private final boolean hasMask;
  private final Tensor[] given;
  private final Tensor[] projected;
  private final Tensor[] taken = {Tensor.EMPTY};
  private final Tensor[] own = new Tensor[3];
  private final Tensor[] gradients;
  private final List<List<Tensor>> arguments;
  private Tensor ofTaken = Tensor.EMPTY;
  private List<Tensor> parts = List.of();
  private Tensor sum = Tensor.EMPTY;

  MultiHeadPass(LayerContext context, List<Pass> projections, Pass attention, Pass output) {
    this.context = context;
    this.projections = projections;
    this.attention = attention;
    this.output = output;
    ops = Ops.of(context.dtype(), context.threads());
    int inputs = context.inputs().size();
    isOfOne = inputs < 3;
    hasMask = inputs % 2 == 0;
    given = new Tensor[3];
    projected = new Tensor[hasMask ? 4 : 3];
    gradients = new Tensor[inputs];
    arguments =
        List.of(
            Arrays.asList(given).subList(0, 1),
            Arrays.asList(given).subList(1, 2),
            Arrays.asList(given).subList(2, 3));
    clear();
  }

  private void clear() {
    Arrays.fill(given, Tensor.EMPTY);
    Arrays.fill(projected, Tensor.EMPTY);
    Arrays.fill(own, Tensor.EMPTY);
    Arrays.fill(gradients, Tensor.EMPTY);
    taken[0] = Tensor.EMPTY;
    ofTaken = Tensor.EMPTY;
    parts = List.of();
  }

  @Override
  public Tensor forward(List<Tensor> inputs) {
    for (int i = 0; i < given.length; i++) {
      given[i] = inputs.get(isOfOne ? 0 : i);
      projected[i] = projections.get(i).forward(arguments.get(i));
    }
    if (hasMask) {
      projected[3] = inputs.get(inputs.size() - 1);
    }
    taken[0] = attention.forward(Arrays.asList(projected));
    return output.forward(Arrays.asList(taken));
  }

  @Override
  public List<Tensor> backwardToInputs(Tensor dout) {
    ofTaken = output.backwardToInputs(dout).get(0);
    parts = attention.backwardToInputs(ofTaken);
    for (int i = given.length - 1; i >= 0; i--) {
      own[i] = projections.get(i).backwardToInputs(parts.get(i)).get(0);
    }
    if (isOfOne) {
      if (sum.size() == 0) {
        sum = Tensor.zeros(own[0].shape());
      }
      ops.add(own[2], own[1], sum);
      ops.add(sum, own[0], sum);
      gradients[0] = sum;
    } else {
      System.arraycopy(own, 0, gradients, 0, own.length);
    }
    if (hasMask) {
      gradients[gradients.length - 1] = parts.get(3);
    }
    return Arrays.asList(gradients);
  }

  @Override
  public Terms terms() {
    return new MultiHeadTerms(this);
  }

  @Override
  public Pass disturbed(RoundingErrors errors) {
    List<Pass> nearby =
        projections.stream().map(pass -> (Pass) new DisturbedStep(pass, errors)).toList();
    return new MultiHeadPass(
        context, nearby, new DisturbedStep(attention, errors), new DisturbedStep(output, errors));
  }

  /** The terms of the output, of what the projections give back, and of all parameters. */
  private static final class MultiHeadTerms implements Terms {
    private final MultiHeadPass pass;
    private final List<Terms> projections;
    private final Terms attention;
    private final Terms output;

    MultiHeadTerms(MultiHeadPass pass) {
      this.pass = pass;
      projections = pass.projections.stream().map(Pass::terms).toList();
      attention = pass.attention.terms();
      output = pass.output.terms();
    }

    @Override
    public Tensor forward(List<Tensor> inputs, Tensor y) {
      for (int i = 0; i < projections.size(); i++) {
        projections.get(i).forward(pass.arguments.get(i), pass.projected[i]);
      }
      return output.forward(List.of(pass.taken), y);
    }

    @Override
    public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
      List<Tensor> sums = new ArrayList<>(gradients.stream().map(Terms::magnitudes).toList());
      output.backward(dout, List.of(pass.ofTaken));
      for (int i = 0; i < projections.size(); i++) {
        List<Tensor> own = projections.get(i).backward(pass.parts.get(i), List.of(pass.own[i]));
        if (pass.isOfOne && i > 0) {
          Ops.of(dout.dtype()).add(sums.get(0), own.get(0), sums.get(0));
        } else {
          sums.set(i, own.get(0).copy());
        }
      }
      if (pass.hasMask) {
        List<Tensor> parts = attention.backward(pass.ofTaken, pass.parts);
        sums.set(sums.size() - 1, parts.get(3));
      }
      return sums;
    }

    @Override
    public Tensor gradient(String parameter, Tensor value) {
      int part = "qkv".indexOf(parameter.charAt(1));
      Terms owner = part < 0 ? output : projections.get(part);
      return owner.gradient(parameter.substring(0, 1), value);
    }
  }

  @Override
  public void release() {
    projections.forEach(Pass::release);
    attention.release();
    output.release();
    clear();
  }
}
