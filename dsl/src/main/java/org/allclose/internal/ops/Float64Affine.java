package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Tensor;

/** {@code y = x.reshape(n, -1).dot(w) + b} in double precision. */
final class Float64Affine implements LinearMap {
  private final int batch;
  private final int features;
  private final int units;
  private final Tensor w;
  private final Epilogue epilogue;
  private final Parallel parallel;

  Float64Affine(int batch, Tensor w, Optional<Tensor> b, boolean relu, Parallel parallel) {
    this.batch = batch;
    this.w = w;
    this.parallel = parallel;
    features = w.shape().axis(0);
    units = w.shape().axis(1);
    Epilogue affine = b.map(bias -> Epilogue.columnBias(bias.unwrap(), 0)).orElse(Epilogue.NONE);
    epilogue = relu ? affine.withRelu() : affine;
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    MatrixProduct.multiply(
        false, false, batch, units, features, x.unwrap(), 0, features, w.unwrap(), 0, units, y.unwrap(), 0, units,
        epilogue, parallel);
  }

  @Override
  public void parameterGradients(Tensor x, Tensor dy, Tensor dw, Optional<Tensor> db) {
    MatrixProduct.multiply(
        true, false, features, units, batch, x.unwrap(), 0, features, dy.unwrap(), 0, units, dw.unwrap(), 0, units,
        Epilogue.NONE, parallel);
    if (db.isPresent()) {
      Sums.overRows(dy.unwrap(), batch, units, db.get().unwrap());
    }
  }

  @Override
  public void inputGradient(Tensor dy, Tensor dx) {
    MatrixProduct.multiply(
        false, true, batch, features, units, dy.unwrap(), 0, units, w.unwrap(), 0, units, dx.unwrap(), 0, features,
        Epilogue.NONE, parallel);
  }
}
