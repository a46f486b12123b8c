package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.ops.PixelOps;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Images made smaller, whose blocks become channels: what undoes {@link PixelShuffle}, {@code y[n,
 * c * r * r + i * r + j, h, w] = x[n, c, h * r + i, w * r + j]} with {@code r = factor}.
 *
 * <p>Shapes: x (n, C, H * r, W * r), result (n, C * r * r, H, W).
 *
 * <p>Source: the reference's {@code pixel_unshuffle_forward}; PyTorch {@code PixelUnshuffle}.
 *
 * @param factor rows and columns of a block
 */
public record PixelUnshuffle(int factor) implements UnaryLayer {
  /** The largest factor, whose square is a number of channels. */
  private static final int MOST = 46340;

  private static final Setting<PixelUnshuffle, Integer> FACTOR =
      Setting.<PixelUnshuffle>integer("factor", PixelUnshuffle::factor)
          .where("1 to " + MOST, r -> r >= 1 && r <= MOST)
          .bare();

  /** What this kind of layer says of itself. */
  public static final Type<PixelUnshuffle> TYPE =
      Type.of(
              "pixelUnshuffle",
              PixelUnshuffle.class,
              v -> new PixelUnshuffle(v.get(FACTOR)),
              FACTOR)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new PixelUnshuffle(2), 2, 4, 6),
                      Sample.of(new PixelUnshuffle(1), 2, 2, 2)));

  /**
   * @throws IllegalArgumentException if the factor is not at least 1, or its square is no int
   */
  public PixelUnshuffle {
    FACTOR.check(factor);
  }

  @Override
  public Type<PixelUnshuffle> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, height, width) but got " + input);
    }
    if (input.axis(1) % factor != 0 || input.axis(2) % factor != 0) {
      throw new ShapeMismatchException(
          "expected height and width that are multiples of " + factor + " but got " + input);
    }
    return Shape.of(
        Math.multiplyExact(input.axis(0), Math.multiplyExact(factor, factor)),
        input.axis(1) / factor,
        input.axis(2) / factor);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new ShufflePass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class ShufflePass extends UnaryPass {
    private final PixelUnshuffle layer;
    private final LayerContext context;
    private final PixelOps ops;
    private final Tensor out;
    private Tensor dx = Tensor.EMPTY;

    ShufflePass(PixelUnshuffle layer, LayerContext context) {
      this.layer = layer;
      this.context = context;
      ops = PixelOps.of(context.dtype());
      out = context.newBatch(layer.outputShape(context.input()));
    }

    @Override
    public Tensor forward(Tensor x) {
      ops.unshuffle(x, layer.factor, out);
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = context.newInputBatch();
      }
      ops.shuffle(dout, layer.factor, dx);
      return dx;
    }
  }
}
