package org.allclose.internal.pass;

import java.util.Optional;
import java.util.function.Function;
import org.allclose.internal.ops.LinearMap;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * The pass of a layer that is linear in its input, its weights {@value #WEIGHTS} and, where it has
 * one, its bias {@value #BIAS}, with ReLU behind it or without.
 */
public final class LinearPass extends UnaryPass {

  /** What such layers call their weights. */
  public static final String WEIGHTS = "W";

  /** What such layers call their bias. */
  public static final String BIAS = "b";

  private final Function<LayerContext, Pass> maker;
  private final LayerContext context;
  private final LinearMap map;
  private final Optional<Ops.Masking> relu;
  private final Tensor out;
  private final boolean hasBias;
  private Optional<Tensor> biasGradient = Optional.empty();
  private Tensor input = Tensor.EMPTY;
  private Tensor dx = Tensor.EMPTY;
  private Tensor masked = Tensor.EMPTY;

  /**
   * @param layer the layer itself
   * @param map what is computed
   * @param relu the gradient of the ReLU at the map's end, where the gradient it takes is that of
   *     its linear part
   * @param output the shape of one output sample
   */
  public LinearPass(
      Layer layer, LayerContext context, LinearMap map, Optional<Ops.Masking> relu, Shape output) {
    this(
        layer::pass,
        context,
        map,
        relu,
        context.newBatch(output),
        layer.parameters(context.inputs()).stream()
            .anyMatch(parameter -> parameter.name().equals(BIAS)));
  }

  /**
   * @param maker makes the same pass without ReLU
   */
  private LinearPass(
      Function<LayerContext, Pass> maker,
      LayerContext context,
      LinearMap map,
      Optional<Ops.Masking> relu,
      Tensor out,
      boolean hasBias) {
    this.maker = maker;
    this.context = context;
    this.map = map;
    this.relu = relu;
    this.out = out;
    this.hasBias = hasBias;
  }

  /**
   * Returns the pass of {@code y = x.reshape(n * rows, -1).dot(W) + b}.
   *
   * @param rows of each sample
   * @param output the shape of one output sample
   * @param bias whether b is added
   * @param relu whether ReLU follows
   */
  public static LinearPass affine(
      LayerContext context, int rows, Shape output, boolean bias, boolean relu) {
    Ops ops = Ops.of(context.dtype(), context.threads());
    int batch = context.batch() * rows;
    LinearMap map = ops.affine(batch, context.parameter(WEIGHTS), bias(context, bias), relu);
    return new LinearPass(
        other -> affine(other, rows, output, bias, false),
        context,
        map,
        relu ? Optional.of(ops.masking(1)) : Optional.empty(),
        context.newBatch(output),
        bias);
  }

  /** Returns the bias of a layer, if it has one. */
  public static Optional<Tensor> bias(LayerContext context, boolean isThere) {
    return isThere ? Optional.of(context.parameter(BIAS)) : Optional.empty();
  }

  @Override
  public Tensor forward(Tensor x) {
    input = x;
    map.forward(x, out);
    return out;
  }

  @Override
  public Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = context.newInputBatch();
    }
    map.inputGradient(gradients(dout), dx);
    return dx;
  }

  @Override
  public void backwardToParameters(Tensor dout) {
    gradients(dout);
  }

  /** Computes the parameters' gradients; returns that of the linear part's output. */
  private Tensor gradients(Tensor dout) {
    Tensor upstream = relu.isPresent() ? mask(relu.get(), dout) : dout;
    if (hasBias && biasGradient.isEmpty()) {
      biasGradient = Optional.of(context.gradient(BIAS));
    }
    map.parameterGradients(input, upstream, context.gradient(WEIGHTS), biasGradient);
    return upstream;
  }

  private Tensor mask(Ops.Masking masking, Tensor dout) {
    if (masked.size() == 0) {
      masked = Tensor.zeros(out.shape());
    }
    masking.apply(dout, out, masked);
    return masked;
  }

  @Override
  public Terms terms() {
    return Terms.linear(maker, context);
  }

  @Override
  public void release() {
    super.release();
    input = Tensor.EMPTY;
  }
}
