package org.allclose.layer;

import org.allclose.internal.kernel.image.Pooling;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

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
public record MaxPool2d(Extent2d size, Extent2d stride, boolean exact) implements Layer {

  /** Whether windows must cover the input without rest where nothing is said. */
  public static final boolean DEFAULT_EXACT = false;

  /**
   * @throws IllegalArgumentException if a number is too small
   */
  public MaxPool2d {
    size.atLeast(1, "size");
    stride.atLeast(1, "stride");
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
    return new MaxPool2d(size, new Extent2d(height, width), exact);
  }

  /** Returns the same layer that refuses inputs which its windows do not cover without rest. */
  public MaxPool2d exact(boolean required) {
    return new MaxPool2d(size, stride, required);
  }

  @Override
  public String type() {
    return "maxPool2d";
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
  public Pass pass(LayerContext binding) {
    return new MaxPoolPass(this, binding);
  }

  @Override
  public String toString() {
    return "maxPool2d("
        + size
        + (stride.equals(size) ? "" : ", stride " + stride)
        + (exact ? ", exact" : "")
        + ")";
  }

  Windows windows(Shape input) {
    return Images.windows(input, size, stride, Extent2d.of(0), exact);
  }

  private static final class MaxPoolPass implements Pass {
    private final LayerContext binding;
    private final Pooling pooling;
    private final Tensor out;
    private Tensor input = Tensor.EMPTY;
    private Tensor dx = Tensor.EMPTY;

    MaxPoolPass(MaxPool2d layer, LayerContext binding) {
      this.binding = binding;
      Windows windows = layer.windows(binding.input());
      pooling = new Pooling(windows, binding.batch(), binding.parallel());
      out = binding.newBatch(layer.outputShape(binding.input()));
    }

    @Override
    public Tensor forward(Tensor x) {
      input = x;
      pooling.max(x.unwrap(), out.unwrap());
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = binding.newInputBatch();
      }
      pooling.maxGradient(input.unwrap(), dout.unwrap(), dx.unwrap());
      return dx;
    }

    @Override
    public void release() {
      input = Tensor.EMPTY;
    }

    /** An element that is the largest of several windows gets the sum of their gradients. */
    @Override
    public Terms terms() {
      return new Terms() {
        @Override
        public Tensor forward(Tensor x, Tensor y) {
          return Magnitudes.of(y);
        }

        @Override
        public Tensor backward(Tensor dout, Tensor gradient) {
          Tensor terms = Tensor.zeros(gradient.shape());
          pooling.maxGradient(input.unwrap(), Magnitudes.of(dout).unwrap(), terms.unwrap());
          return terms;
        }
      };
    }

    @Override
    public Pass disturbed(RoundingErrors errors) {
      return new RepeatingPass(this);
    }
  }

  /** Takes the elements that were the largest of their windows in the latest batch of a pass. */
  private static final class RepeatingPass implements Pass {
    private final MaxPoolPass pass;
    private final Tensor decided;
    private final Tensor out;
    private final Tensor dx;

    RepeatingPass(MaxPoolPass pass) {
      this.pass = pass;
      decided = pass.input.copy();
      out = Tensor.zeros(pass.out.shape());
      dx = Tensor.zeros(decided.shape());
    }

    @Override
    public Tensor forward(Tensor x) {
      pass.pooling.atMax(decided.unwrap(), x.unwrap(), out.unwrap());
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      pass.pooling.maxGradient(decided.unwrap(), dout.unwrap(), dx.unwrap());
      return dx;
    }
  }
}
