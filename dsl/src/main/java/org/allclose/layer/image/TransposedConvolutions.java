package org.allclose.layer.image;

import java.util.Optional;
import org.allclose.internal.kernel.image.WindowAxis;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.ops.ConvolutionOps;
import org.allclose.internal.pass.LinearPass;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/**
 * What transposed convolutions of images and of sequences have in common.
 *
 * @param kernel rows and columns of a filter
 * @param stride from a window of the output to the next
 * @param padding how much of the output's margins is cut off
 * @param outputPadding how much the output has more at its end
 * @param dilation from a place of a window to the next
 */
record TransposedConvolutions(
    Extent2d kernel, Extent2d stride, Extent2d padding, Extent2d outputPadding, Extent2d dilation) {

  /**
   * Returns where the windows of the convolution lie, of which this is the gradient: on the output.
   *
   * @param input the shape of images
   * @throws ShapeMismatchException if it is not (channels, height, width), or the output is empty
   *     or too large, or more is added to it than windows leave
   */
  Windows windows(Shape input, int filters) {
    if (input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, height, width) but got " + input);
    }
    requireRest();
    long height =
        output(
            input.axis(1),
            kernel.height(),
            stride.height(),
            padding.height(),
            outputPadding.height(),
            dilation.height());
    long width =
        output(
            input.axis(2),
            kernel.width(),
            stride.width(),
            padding.width(),
            outputPadding.width(),
            dilation.width());
    if (height < 1 || width < 1) {
      throw new ShapeMismatchException(
          "expected padding that leaves some output but got " + height + "x" + width);
    }
    requireArray(filters, height, width);
    return new Windows(
        filters,
        new WindowAxis(
            (int) height,
            kernel.height(),
            stride.height(),
            dilation.height(),
            padding.height(),
            input.axis(1)),
        new WindowAxis(
            (int) width,
            kernel.width(),
            stride.width(),
            dilation.width(),
            padding.width(),
            input.axis(2)));
  }

  private static long output(
      int length, int kernel, int stride, int padding, int more, int dilation) {
    return (length - 1L) * stride - 2L * padding + dilation * (kernel - 1L) + 1 + more;
  }

  private void requireRest() {
    int mostHeight = Math.max(stride.height(), dilation.height()) - 1;
    int mostWidth = Math.max(stride.width(), dilation.width()) - 1;
    if (outputPadding.height() > mostHeight || outputPadding.width() > mostWidth) {
      throw new ShapeMismatchException(
          "expected an output padding of at most "
              + new Extent2d(mostHeight, mostWidth)
              + ", less than the stride or the dilation, but got "
              + outputPadding);
    }
  }

  private void requireArray(int filters, long height, long width) {
    long most = Math.max(height + 2L * padding.height(), width + 2L * padding.width());
    try {
      Shape.of(filters, Math.toIntExact(height), Math.toIntExact(width));
      Math.toIntExact(most);
    } catch (ArithmeticException e) {
      throw new ShapeMismatchException(
          "expected an output of at most "
              + Integer.MAX_VALUE
              + " rows or columns but got "
              + most);
    } catch (IllegalArgumentException e) {
      throw new ShapeMismatchException("output: " + e.getMessage());
    }
  }

  /** Returns the pass of a layer. */
  static Pass pass(UnaryLayer layer, LayerContext context, Windows windows, boolean bias) {
    return new LinearPass(
        layer,
        context,
        ConvolutionOps.of(context.dtype(), context.threads())
            .transposedConvolution(
                windows,
                context.batch(),
                context.parameter(LinearPass.WEIGHTS),
                LinearPass.bias(context, bias)),
        Optional.empty(),
        layer.outputShape(context.input()));
  }
}
