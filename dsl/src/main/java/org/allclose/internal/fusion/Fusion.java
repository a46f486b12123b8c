package org.allclose.internal.fusion;

import java.util.List;
import java.util.Optional;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.ops.LinearMap;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.pass.ImageWindows;
import org.allclose.internal.pass.LinearPass;
import org.allclose.internal.pass.WindowSettings;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Node;
import org.allclose.layer.Pass;
import org.allclose.layer.activation.Relu;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.image.Conv2d;
import org.allclose.layer.image.MaxPool2d;
import org.allclose.layer.image.PaddingMode;
import org.allclose.tensor.Shape;

/**
 * Layers in a row that are computed together because that costs less; every result has the same
 * bits.
 */
public final class Fusion {

  /** The rules, those of more layers first. */
  private static final List<Rule> RULES =
      List.of(Fusion::convolutionReluPool, Fusion::convolutionRelu, Fusion::affineRelu);

  /**
   * What does the work of some layers.
   *
   * @param pass from the first one's input to the last one's output
   * @param layers their number
   */
  public record Fused(Pass pass, int layers) {}

  /** Finds out whether layers in a row are of its kind. */
  private interface Rule {
    /**
     * @param run layers of which each is the only one to take the output of the one before
     * @param context that of the first
     */
    Optional<Fused> apply(List<Node> run, LayerContext context);
  }

  private Fusion() {}

  /**
   * Returns a pass that does the work of the first layers of a row, if there is one.
   *
   * @param run layers of which each is the only one to take the output of the one before
   * @param context that of the first
   */
  public static Optional<Fused> of(List<Node> run, LayerContext context) {
    for (Rule rule : RULES) {
      Optional<Fused> fused = rule.apply(run, context);
      if (fused.isPresent()) {
        return fused;
      }
    }
    return Optional.empty();
  }

  private static Layer layer(List<Node> run, int index) {
    return run.get(index).layer();
  }

  /** ReLU is done to the scores while they are at hand. */
  private static Optional<Fused> affineRelu(List<Node> run, LayerContext context) {
    if (run.size() < 2
        || !(layer(run, 0) instanceof Dense dense)
        || !(layer(run, 1) instanceof Relu)) {
      return Optional.empty();
    }
    return Optional.of(new Fused(dense.passWithRelu(context), 2));
  }

  /** ReLU is done to the output while it is at hand. */
  private static Optional<Fused> convolutionRelu(List<Node> run, LayerContext context) {
    if (run.size() < 2
        || !(layer(run, 0) instanceof Conv2d conv)
        || conv.paddingMode() != PaddingMode.ZEROS
        || conv.weightNorm()
        || !(layer(run, 1) instanceof Relu)) {
      return Optional.empty();
    }
    Ops ops = Ops.of(context.dtype(), context.threads());
    LinearMap map =
        ops.convolution(
            windows(conv, context.input()),
            context.batch(),
            context.parameter(LinearPass.WEIGHTS),
            LinearPass.bias(context, conv.bias()),
            true);
    Pass pass =
        new LinearPass(
            conv, context, map, Optional.of(ops.masking(context.batch())), run.get(0).output());
    return Optional.of(new Fused(pass, 2));
  }

  /** With ReLU and a pool of two by two, outputs and their gradients stay in the cache. */
  private static Optional<Fused> convolutionReluPool(List<Node> run, LayerContext context) {
    if (run.size() < 3
        || !(layer(run, 0) instanceof Conv2d conv)
        || conv.paddingMode() != PaddingMode.ZEROS
        || conv.groups() != 1
        || conv.weightNorm()
        || !(layer(run, 1) instanceof Relu)
        || !(layer(run, 2) instanceof MaxPool2d pool)
        || !pool.equals(new MaxPool2d(pool.size()).exact(pool.exact()))) {
      return Optional.empty();
    }
    Ops ops = Ops.of(context.dtype(), context.threads());
    Windows windows = windows(conv, context.input());
    Windows pooled =
        ImageWindows.of(
            run.get(1).output(), pool.size(), pool.stride(), pool.padding(), pool.exact());
    if (!ops.fitsPooledConvolution(windows, conv.filters(), pooled, context.batch())) {
      return Optional.empty();
    }
    LinearMap map =
        ops.pooledConvolution(
            windows,
            context.batch(),
            context.parameter(LinearPass.WEIGHTS),
            LinearPass.bias(context, conv.bias()));
    Pass pass = new LinearPass(conv, context, map, Optional.empty(), run.get(2).output());
    return Optional.of(new Fused(pass, 3));
  }

  private static Windows windows(Conv2d conv, Shape input) {
    return ImageWindows.of(
        input,
        new WindowSettings(
            conv.kernel(),
            conv.stride(),
            conv.padding(),
            conv.dilation(),
            conv.same(),
            conv.exact()));
  }
}
