package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.ops.Pool;
import org.allclose.internal.pass.ImageWindows;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * The mean of each window of each channel: its values added in row-major order, divided by their
 * number.
 *
 * <p>Shapes: x (n, C, H, W), result (n, C, OH, OW) with {@code OH = (H - size) / stride + 1},
 * rounded down, unless {@link #exact} refuses a rest.
 *
 * <p>Source: the reference's {@code average_pool2d_forward}.
 *
 * @param size rows and columns of a window
 * @param stride rows and columns from a window to the next
 * @param exact whether windows must cover the input without rest
 */
public record AveragePool2d(Extent2d size, Extent2d stride, boolean exact) implements UnaryLayer {

  /** Whether windows must cover the input without rest where nothing is said. */
  public static final boolean DEFAULT_EXACT = false;

  private static final Setting<AveragePool2d, Extent2d> SIZE =
      Setting.<AveragePool2d>extent("size", AveragePool2d::size).atLeast(1).bare();
  private static final Setting<AveragePool2d, Extent2d> STRIDE =
      Setting.<AveragePool2d>extent("stride", AveragePool2d::stride)
          .atLeast(1)
          .orElseAs(SIZE)
          .quiet();
  private static final Setting<AveragePool2d, Boolean> EXACT =
      Setting.truth("exact", DEFAULT_EXACT, AveragePool2d::exact);

  /** What this kind of layer says of itself. */
  public static final Type<AveragePool2d> TYPE =
      Type.of(
              "averagePool2d",
              AveragePool2d.class,
              v -> new AveragePool2d(v.get(SIZE), v.get(STRIDE), v.get(EXACT)),
              SIZE,
              STRIDE,
              EXACT)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new AveragePool2d(2), 2, 4, 6),
                      Sample.of(new AveragePool2d(3).stride(2, 1), 2, 6, 5),
                      Sample.of(new AveragePool2d(2).exact(true), 1, 4, 4)));

  /**
   * @throws IllegalArgumentException if a number is too small
   */
  public AveragePool2d {
    SIZE.check(size);
    STRIDE.check(stride);
  }

  /** A layer of square windows side by side. */
  public AveragePool2d(int size) {
    this(Extent2d.of(size));
  }

  /** A layer of windows side by side. */
  public AveragePool2d(Extent2d size) {
    this(size, size, DEFAULT_EXACT);
  }

  /** Returns the same layer with another stride in both directions. */
  public AveragePool2d stride(int both) {
    return stride(both, both);
  }

  /** Returns the same layer with another stride. */
  public AveragePool2d stride(int height, int width) {
    return TYPE.with(this, STRIDE, new Extent2d(height, width));
  }

  /** Returns the same layer that refuses inputs which its windows do not cover without rest. */
  public AveragePool2d exact(boolean required) {
    return TYPE.with(this, EXACT, required);
  }

  @Override
  public Type<AveragePool2d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "averagePool";
  }

  @Override
  public Shape outputShape(Shape input) {
    Windows windows = windows(input);
    return Shape.of(input.axis(0), windows.outputHeight(), windows.outputWidth());
  }

  @Override
  public Pass pass(LayerContext context) {
    return new AveragePoolPass(this, context, windows(context.input()));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private Windows windows(Shape input) {
    return ImageWindows.of(input, size, stride, Extent2d.of(0), exact);
  }

  private static final class AveragePoolPass extends PoolPass {
    private final AveragePool2d layer;
    private final LayerContext context;

    AveragePoolPass(AveragePool2d layer, LayerContext context, Windows windows) {
      super(context, windows);
      this.layer = layer;
      this.context = context;
    }

    @Override
    void compute(Pool pool, Tensor x, Tensor y) {
      pool.mean(x, y);
    }

    @Override
    void computeGradient(Pool pool, Tensor x, Tensor dout, Tensor dx) {
      pool.meanGradient(dout, dx);
    }

    @Override
    public Terms terms() {
      return Terms.linear(layer, context);
    }
  }
}
