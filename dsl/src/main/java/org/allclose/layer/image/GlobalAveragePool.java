package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.ops.PixelOps;
import org.allclose.internal.pass.GlobalWindows;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * The mean of each channel: numpy's, whose sums are pairwise.
 *
 * <p>Shapes: x (n, C, ...), result (n, C).
 *
 * <p>Source: numpy {@code x.reshape(n, C, -1).mean(axis=2)}; PyTorch {@code AdaptiveAvgPool2d(1)};
 * Keras {@code GlobalAveragePooling2D}.
 */
public record GlobalAveragePool() implements UnaryLayer {

  /** What this kind of layer says of itself. */
  public static final Type<GlobalAveragePool> TYPE =
      Type.plain("globalAveragePool", GlobalAveragePool.class, GlobalAveragePool::new)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new GlobalAveragePool(), 2, 3, 4),
                      Sample.of(new GlobalAveragePool(), 3, 5)));

  @Override
  public Type<GlobalAveragePool> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "averagePool";
  }

  @Override
  public Shape outputShape(Shape input) {
    return GlobalWindows.channelsOf(input);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new MeanPass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class MeanPass extends UnaryPass {
    private final GlobalAveragePool layer;
    private final LayerContext context;
    private final PixelOps ops;
    private final Tensor out;
    private Tensor dx = Tensor.EMPTY;

    MeanPass(GlobalAveragePool layer, LayerContext context) {
      this.layer = layer;
      this.context = context;
      ops = PixelOps.of(context.dtype());
      out = context.newBatch(layer.outputShape(context.input()));
    }

    @Override
    public Tensor forward(Tensor x) {
      ops.means(x, out);
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = context.newInputBatch();
      }
      ops.meansGradient(dout, dx);
      return dx;
    }

    @Override
    public Terms terms() {
      return Terms.linear(layer, context);
    }
  }
}
