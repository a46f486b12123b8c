package org.allclose.layer;

import org.allclose.internal.kernel.image.Pooling;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

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
public record AveragePool2d(Extent2d size, Extent2d stride, boolean exact) implements Layer {

  /** Whether windows must cover the input without rest where nothing is said. */
  public static final boolean DEFAULT_EXACT = false;

  /**
   * @throws IllegalArgumentException if a number is too small
   */
  public AveragePool2d {
    size.atLeast(1, "size");
    stride.atLeast(1, "stride");
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
    return new AveragePool2d(size, new Extent2d(height, width), exact);
  }

  /** Returns the same layer that refuses inputs which its windows do not cover without rest. */
  public AveragePool2d exact(boolean required) {
    return new AveragePool2d(size, stride, required);
  }

  @Override
  public String type() {
    return "averagePool2d";
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
  public Pass pass(LayerContext binding) {
    return new AveragePoolPass(this, binding);
  }

  @Override
  public String toString() {
    return "averagePool2d("
        + size
        + (stride.equals(size) ? "" : ", stride " + stride)
        + (exact ? ", exact" : "")
        + ")";
  }

  private Windows windows(Shape input) {
    return Images.windows(input, size, stride, Extent2d.of(0), exact);
  }

  private static final class AveragePoolPass implements Pass {
    private final AveragePool2d layer;
    private final LayerContext binding;
    private final Pooling pooling;
    private final Tensor out;
    private Tensor dx = Tensor.EMPTY;

    AveragePoolPass(AveragePool2d layer, LayerContext binding) {
      this.layer = layer;
      this.binding = binding;
      Windows windows = layer.windows(binding.input());
      pooling = new Pooling(windows, binding.batch(), binding.parallel());
      out = binding.newBatch(layer.outputShape(binding.input()));
    }

    @Override
    public Tensor forward(Tensor x) {
      pooling.mean(x.unwrap(), out.unwrap());
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = binding.newInputBatch();
      }
      pooling.meanGradient(dout.unwrap(), dx.unwrap());
      return dx;
    }

    @Override
    public Terms terms() {
      return new LinearTerms(layer, binding);
    }
  }
}
