package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.image.PooledConvolution;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Tensor;

/** A convolution, ReLU and a pool of two by two in double precision. */
final class Float64PooledConvolution implements LinearMap {
  private static final double[] NO_BIAS = {};

  private final Tensor w;
  private final PooledConvolution kernel;

  Float64PooledConvolution(
      Windows windows, int batch, Tensor w, Optional<Tensor> b, Parallel parallel) {
    this.w = w;
    Epilogue epilogue =
        b.map(bias -> Epilogue.rowBias(bias.unwrap(), 0)).orElse(Epilogue.NONE).withRelu();
    kernel = new PooledConvolution(windows, w.shape().axis(0), batch, epilogue, parallel);
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    kernel.forward(x.unwrap(), w.unwrap(), y.unwrap());
  }

  @Override
  public void parameterGradients(Tensor x, Tensor dy, Tensor dw, Optional<Tensor> db) {
    kernel.weightGradient(
        x.unwrap(), dy.unwrap(), dw.unwrap(), db.isPresent() ? db.get().unwrap() : NO_BIAS);
  }

  @Override
  public void inputGradient(Tensor dy, Tensor dx) {
    kernel.inputGradient(dy.unwrap(), w.unwrap(), dx.unwrap());
  }
}
