package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.image.ConvolutionKernel;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Tensor;

/** Cross-correlation of images in double precision. */
final class Float64Convolution implements LinearMap {
  private final Windows windows;
  private final int batch;
  private final int filters;
  private final Tensor w;
  private final ConvolutionKernel kernel;

  Float64Convolution(
      Windows windows, int batch, Tensor w, Optional<Tensor> b, boolean relu, Parallel parallel) {
    this.windows = windows;
    this.batch = batch;
    this.w = w;
    filters = w.shape().axis(0);
    Epilogue affine = b.map(bias -> Epilogue.rowBias(bias.unwrap(), 0)).orElse(Epilogue.NONE);
    Epilogue epilogue = relu ? affine.withRelu() : affine;
    int groups = windows.channels() / w.shape().axis(1);
    kernel = ConvolutionKernel.of(windows, filters, groups, batch, epilogue, parallel);
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    kernel.forward(x.unwrap(), w.unwrap(), y.unwrap());
  }

  @Override
  public void parameterGradients(Tensor x, Tensor dy, Tensor dw, Optional<Tensor> db) {
    kernel.weightGradient(x.unwrap(), dy.unwrap(), dw.unwrap());
    if (db.isPresent()) {
      Sums.ofChannels(dy.unwrap(), batch, filters, windows.outputs(), db.get().unwrap());
    }
  }

  @Override
  public void inputGradient(Tensor dy, Tensor dx) {
    kernel.inputGradient(dy.unwrap(), w.unwrap(), dx.unwrap());
  }
}
