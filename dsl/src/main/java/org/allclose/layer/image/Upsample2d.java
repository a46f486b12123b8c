package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Images made larger by whole factors: each pixel becomes a block of its copies (nearest
 * neighbour).
 *
 * <p>Shapes: x (n, C, H, W), result (n, C, H * factor, W * factor). Gradient: the sum over each
 * block in row-major order, from 0.
 *
 * <p>Source: the reference's {@code upsample2d_forward}; PyTorch {@code Upsample(mode="nearest")},
 * Keras {@code UpSampling2D}.
 *
 * @param factor rows and columns of a block
 */
public record Upsample2d(Extent2d factor) implements UnaryLayer {

  private static final Setting<Upsample2d, Extent2d> FACTOR =
      Setting.<Upsample2d>extent("factor", Upsample2d::factor).atLeast(1).bare();

  /** What this kind of layer says of itself. */
  public static final Type<Upsample2d> TYPE =
      Type.of("upsample2d", Upsample2d.class, v -> new Upsample2d(v.get(FACTOR)), FACTOR)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Upsample2d(2), 2, 3, 2),
                      Sample.of(new Upsample2d(new Extent2d(1, 3)), 1, 2, 2)));

  /**
   * @throws IllegalArgumentException if a factor is not at least 1
   */
  public Upsample2d {
    FACTOR.check(factor);
  }

  /** A layer of the same factor in both directions. */
  public Upsample2d(int both) {
    this(Extent2d.of(both));
  }

  @Override
  public Type<Upsample2d> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, height, width) but got " + input);
    }
    return Shape.of(
        input.axis(0),
        Math.multiplyExact(input.axis(1), factor.height()),
        Math.multiplyExact(input.axis(2), factor.width()));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new UpsamplePass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class UpsamplePass extends UnaryPass {
    private final Upsample2d layer;
    private final LayerContext context;
    private final Ops ops;
    private final Tensor out;
    private Tensor dx = Tensor.EMPTY;

    UpsamplePass(Upsample2d layer, LayerContext context) {
      this.layer = layer;
      this.context = context;
      ops = Ops.of(context.dtype(), context.threads());
      out = context.newBatch(layer.outputShape(context.input()));
    }

    @Override
    public Tensor forward(Tensor x) {
      ops.upsample(x, layer.factor, out);
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = context.newInputBatch();
      }
      ops.upsampleGradient(dout, layer.factor, dx);
      return dx;
    }

    @Override
    public Terms terms() {
      return Terms.linear(layer, context);
    }
  }
}
