package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.image.Convolution;
import org.allclose.internal.kernel.image.ConvolutionKernel;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Tensor;

/**
 * A transposed convolution in double precision: a convolution of the output, whose gradients and
 * output change places.
 */
final class Float64TransposedConvolution implements LinearMap {
  private final Windows windows;
  private final int batch;
  private final Tensor w;
  private final Optional<Tensor> b;
  private final ConvolutionKernel kernel;

  Float64TransposedConvolution(
      Windows windows, int batch, Tensor w, Optional<Tensor> b, Parallel parallel) {
    this.windows = windows;
    this.batch = batch;
    this.w = w;
    this.b = b;
    int groups = windows.channels() / w.shape().axis(1);
    kernel =
        ConvolutionKernel.of(windows, w.shape().axis(0), groups, batch, Epilogue.NONE, parallel);
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    kernel.inputGradient(x.unwrap(), w.unwrap(), y.unwrap());
    if (b.isPresent()) {
      Convolution.addBias(b.get().unwrap(), batch, windows.channels(), y.unwrap());
    }
  }

  @Override
  public void parameterGradients(Tensor x, Tensor dy, Tensor dw, Optional<Tensor> db) {
    kernel.weightGradient(dy.unwrap(), x.unwrap(), dw.unwrap());
    if (db.isPresent()) {
      int places = windows.height() * windows.width();
      Sums.ofChannels(dy.unwrap(), batch, windows.channels(), places, db.get().unwrap());
    }
  }

  @Override
  public void inputGradient(Tensor dy, Tensor dx) {
    kernel.forward(dy.unwrap(), w.unwrap(), dx.unwrap());
  }
}
