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
 * Images made larger with the values of their channels: {@code y[n, c, h * r + i, w * r + j] = x[n,
 * c * r * r + i * r + j, h, w]} with {@code r = factor}.
 *
 * <p>Shapes: x (n, C * r * r, H, W), result (n, C, H * r, W * r).
 *
 * <p>Source: the reference's {@code pixel_shuffle_forward}; PyTorch {@code PixelShuffle}.
 *
 * @param factor rows and columns of a block
 */
public record PixelShuffle(int factor) implements UnaryLayer {
  /** The largest factor, whose square is a number of channels. */
  private static final int MOST = 46340;

  private static final Setting<PixelShuffle, Integer> FACTOR =
      Setting.<PixelShuffle>integer("factor", PixelShuffle::factor)
          .where("1 to " + MOST, r -> r >= 1 && r <= MOST)
          .bare();

  /** What this kind of layer says of itself. */
  public static final Type<PixelShuffle> TYPE =
      Type.of("pixelShuffle", PixelShuffle.class, v -> new PixelShuffle(v.get(FACTOR)), FACTOR)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new PixelShuffle(2), 8, 2, 3),
                      Sample.of(new PixelShuffle(1), 2, 2, 2)));

  /**
   * @throws IllegalArgumentException if the factor is not at least 1, or its square is no int
   */
  public PixelShuffle {
    FACTOR.check(factor);
  }

  @Override
  public Type<PixelShuffle> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, height, width) but got " + input);
    }
    int block = Math.multiplyExact(factor, factor);
    if (input.axis(0) % block != 0) {
      throw new ShapeMismatchException(
          "expected channels that are a multiple of " + block + " but got " + input);
    }
    return Shape.of(
        input.axis(0) / block,
        Math.multiplyExact(input.axis(1), factor),
        Math.multiplyExact(input.axis(2), factor));
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
    private final PixelShuffle layer;
    private final LayerContext context;
    private final PixelOps ops;
    private final Tensor out;
    private Tensor dx = Tensor.EMPTY;

    ShufflePass(PixelShuffle layer, LayerContext context) {
      this.layer = layer;
      this.context = context;
      ops = PixelOps.of(context.dtype());
      out = context.newBatch(layer.outputShape(context.input()));
    }

    @Override
    public Tensor forward(Tensor x) {
      ops.shuffle(x, layer.factor, out);
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = context.newInputBatch();
      }
      ops.unshuffle(dout, layer.factor, dx);
      return dx;
    }
  }
}
