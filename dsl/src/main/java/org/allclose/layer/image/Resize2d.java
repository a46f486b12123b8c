package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.ops.PixelOps;
import org.allclose.internal.pass.GlobalWindows;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Images made larger or smaller: each pixel is a sum of those around its place, first along rows,
 * then along columns.
 *
 * <p>Shapes: x (n, C, H, W), result (n, C, size). With {@code scale = H / size}, row k of the
 * result lies at {@code scale * (k + 0.5) - 0.5} of x; with {@link #alignCorners} at {@code k * (H
 * - 1) / (size - 1)}, so that the first and the last pixels stay; likewise for columns. {@link
 * Interpolation#NEAREST} takes {@code floor(k * scale)}, in single precision. {@link
 * Interpolation#BILINEAR} weighs the two around by their nearness, {@link Interpolation#BICUBIC}
 * the four around by cubic convolution with {@code A = -0.75}; beyond its ends an image goes on as
 * it ends. Nothing is smoothed before an image gets smaller.
 *
 * <p>Gradient: an element gets {@code (h[i] * w[j]) * dout}, added to 0, from the outputs in
 * row-major order, and from each in the order of its elements.
 *
 * <p>Source: the reference's {@code resize2d_forward}; PyTorch {@code Upsample} and {@code
 * functional.interpolate} with a size and without antialiasing.
 *
 * @param size rows and columns of the result
 * @param mode how a pixel is made
 * @param alignCorners whether the pixels at the corners stay
 */
public record Resize2d(Extent2d size, Interpolation mode, boolean alignCorners)
    implements UnaryLayer {

  /** How a pixel is made where nothing is said. */
  public static final Interpolation DEFAULT_MODE = Interpolation.NEAREST;

  /** Whether the pixels at the corners stay where nothing is said. */
  public static final boolean DEFAULT_ALIGN_CORNERS = false;

  private static final Setting<Resize2d, Extent2d> SIZE =
      Setting.<Resize2d>extent("size", Resize2d::size).atLeast(1).bare();
  private static final Setting<Resize2d, Interpolation> MODE =
      Setting.<Resize2d, Interpolation>choice("mode", Interpolation.class, Resize2d::mode)
          .orElse(DEFAULT_MODE);
  private static final Setting<Resize2d, Boolean> ALIGN_CORNERS =
      Setting.truth("alignCorners", DEFAULT_ALIGN_CORNERS, Resize2d::alignCorners);

  /** What this kind of layer says of itself. */
  public static final Type<Resize2d> TYPE =
      Type.of(
              "resize2d",
              Resize2d.class,
              v -> new Resize2d(v.get(SIZE), v.get(MODE), v.get(ALIGN_CORNERS)),
              SIZE,
              MODE,
              ALIGN_CORNERS)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Resize2d(new Extent2d(5, 2)), 2, 3, 3),
                      Sample.of(new Resize2d(4).mode(Interpolation.BILINEAR), 2, 3, 2),
                      Sample.of(
                          new Resize2d(new Extent2d(3, 4))
                              .mode(Interpolation.BILINEAR)
                              .alignCorners(true),
                          1,
                          2,
                          5),
                      Sample.of(
                          new Resize2d(new Extent2d(5, 3)).mode(Interpolation.BICUBIC), 1, 3, 4),
                      Sample.of(
                          new Resize2d(4).mode(Interpolation.BICUBIC).alignCorners(true),
                          1,
                          3,
                          3)));

  /**
   * @throws IllegalArgumentException if a number is not at least 1, or {@code alignCorners} is said
   *     of the nearest
   */
  public Resize2d {
    SIZE.check(size);
    if (alignCorners && mode == Interpolation.NEAREST) {
      throw new IllegalArgumentException(
          "alignCorners: expected mode bilinear or bicubic beside it but got nearest");
    }
  }

  /** A layer of as many rows as columns. */
  public Resize2d(int both) {
    this(Extent2d.of(both));
  }

  /** A layer of some rows and columns. */
  public Resize2d(Extent2d size) {
    this(size, DEFAULT_MODE, DEFAULT_ALIGN_CORNERS);
  }

  /** Returns the same layer with another way to make a pixel. */
  public Resize2d mode(Interpolation other) {
    return TYPE.with(this, MODE, other);
  }

  /** Returns the same layer whose corners stay or do not. */
  public Resize2d alignCorners(boolean stay) {
    return TYPE.with(this, ALIGN_CORNERS, stay);
  }

  @Override
  public Type<Resize2d> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return GlobalWindows.resized(input, size);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new ResizePass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private PixelOps.Resizing resizing(LayerContext context) {
    PixelOps ops = PixelOps.of(context.dtype());
    Extent2d from = new Extent2d(context.input().axis(1), context.input().axis(2));
    return switch (mode) {
      case NEAREST -> ops.nearest(from, size);
      case BILINEAR -> ops.bilinear(from, size, alignCorners);
      case BICUBIC -> ops.bicubic(from, size, alignCorners);
    };
  }

  private static final class ResizePass extends UnaryPass {
    private final LayerContext context;
    private final PixelOps.Resizing resizing;
    private final Tensor out;
    private Tensor dx = Tensor.EMPTY;

    ResizePass(Resize2d layer, LayerContext context) {
      this.context = context;
      resizing = layer.resizing(context);
      out = context.newBatch(layer.outputShape(context.input()));
    }

    @Override
    public Tensor forward(Tensor x) {
      resizing.forward(x, out);
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = context.newInputBatch();
      }
      resizing.gradient(dout, dx);
      return dx;
    }

    /** The same sums of the magnitudes of weights and values. */
    @Override
    public Terms terms() {
      PixelOps.Resizing magnitudes = resizing.magnitudes();
      return new Terms() {
        @Override
        public Tensor forward(List<Tensor> inputs, Tensor y) {
          Tensor terms = Tensor.zeros(y.shape());
          magnitudes.forward(Terms.magnitudes(inputs.get(0)), terms);
          return terms;
        }

        @Override
        public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
          Tensor terms = context.newInputBatch();
          magnitudes.gradient(Terms.magnitudes(dout), terms);
          return List.of(terms);
        }
      };
    }
  }
}
