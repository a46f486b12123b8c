package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.ops.Pool;
import org.allclose.internal.pass.ImageWindows;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * The largest value of each window of each channel.
 *
 * <p>Shapes: x (n, C, H, W), result (n, C, OH, OW) with {@code OH = (H - size) / stride + 1},
 * rounded down, unless {@link #exact} refuses a rest. Of equal values the first in row-major order
 * is taken and gets the gradient, as by numpy's {@code argmax}; NaN is larger than any number.
 *
 * <p>Source: the reference's {@code max_pool2d_forward}; cs231n {@code max_pool_forward_naive}.
 *
 * @param size rows and columns of a window
 * @param stride rows and columns from a window to the next
 * @param exact whether windows must cover the input without rest
 */
public record MaxPool2d(Extent2d size, Extent2d stride, boolean exact) implements UnaryLayer {

  /** Whether windows must cover the input without rest where nothing is said. */
  public static final boolean DEFAULT_EXACT = false;

  private static final Setting<MaxPool2d, Extent2d> SIZE =
      Setting.<MaxPool2d>extent("size", MaxPool2d::size).atLeast(1).bare();
  private static final Setting<MaxPool2d, Extent2d> STRIDE =
      Setting.<MaxPool2d>extent("stride", MaxPool2d::stride).atLeast(1).orElseAs(SIZE).quiet();
  private static final Setting<MaxPool2d, Boolean> EXACT =
      Setting.truth("exact", DEFAULT_EXACT, MaxPool2d::exact);

  /** What this kind of layer says of itself. */
  public static final Type<MaxPool2d> TYPE =
      Type.of(
              "maxPool2d",
              MaxPool2d.class,
              v -> new MaxPool2d(v.get(SIZE), v.get(STRIDE), v.get(EXACT)),
              SIZE,
              STRIDE,
              EXACT)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new MaxPool2d(2), 2, 4, 6),
                      Sample.of(new MaxPool2d(3).stride(2, 1), 2, 6, 5),
                      Sample.of(new MaxPool2d(2).exact(true), 1, 4, 4)));

  /**
   * @throws IllegalArgumentException if a number is too small
   */
  public MaxPool2d {
    SIZE.check(size);
    STRIDE.check(stride);
  }

  /** A layer of square windows side by side. */
  public MaxPool2d(int size) {
    this(Extent2d.of(size));
  }

  /** A layer of windows side by side. */
  public MaxPool2d(Extent2d size) {
    this(size, size, DEFAULT_EXACT);
  }

  /** Returns the same layer with another stride in both directions. */
  public MaxPool2d stride(int both) {
    return stride(both, both);
  }

  /** Returns the same layer with another stride. */
  public MaxPool2d stride(int height, int width) {
    return TYPE.with(this, STRIDE, new Extent2d(height, width));
  }

  /** Returns the same layer that refuses inputs which its windows do not cover without rest. */
  public MaxPool2d exact(boolean required) {
    return TYPE.with(this, EXACT, required);
  }

  @Override
  public Type<MaxPool2d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "pool";
  }

  @Override
  public Shape outputShape(Shape input) {
    Windows windows = windows(input);
    return Shape.of(input.axis(0), windows.outputHeight(), windows.outputWidth());
  }

  @Override
  public Pass pass(LayerContext context) {
    return new MaxPoolPass(context, windows(context.input()));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private Windows windows(Shape input) {
    return ImageWindows.of(input, size, stride, Extent2d.of(0), exact);
  }

  private static final class MaxPoolPass extends PoolPass {
    MaxPoolPass(LayerContext context, Windows windows) {
      super(context, windows);
    }

    @Override
    void compute(Pool pool, Tensor x, Tensor y) {
      pool.max(x, y);
    }

    @Override
    void computeGradient(Pool pool, Tensor x, Tensor dout, Tensor dx) {
      pool.maxGradient(x, dout, dx);
    }

    /** An element that is the largest of several windows gets the sum of their gradients. */
    @Override
    public Terms terms() {
      return new Terms() {
        @Override
        public Tensor forward(List<Tensor> inputs, Tensor y) {
          return Terms.magnitudes(y);
        }

        @Override
        public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
          return List.of(gradientOf(Terms.magnitudes(dout)));
        }
      };
    }

    /** Takes the elements that were the largest of their windows in the latest batch. */
    @Override
    public Pass disturbed(RoundingErrors errors) {
      Tensor decided = input().copy();
      return new PoolPass(this) {
        @Override
        void compute(Pool pool, Tensor x, Tensor y) {
          pool.atMax(decided, x, y);
        }

        @Override
        void computeGradient(Pool pool, Tensor x, Tensor dout, Tensor dx) {
          pool.maxGradient(decided, dout, dx);
        }
      };
    }
  }
}
