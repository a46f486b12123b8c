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
  private final int units;
  private final Tensor w;
  private final MatrixProduct forward;
  private final MatrixProduct weightGradient;
  private final MatrixProduct inputGradient;

  Float64Affine(int batch, Tensor w, Optional<Tensor> b, boolean relu, Parallel parallel) {
    this.batch = batch;
    this.w = w;
    int features = w.shape().axis(0);
    units = w.shape().axis(1);
    Epilogue affine = b.map(bias -> Epilogue.columnBias(bias.unwrap(), 0)).orElse(Epilogue.NONE);
    forward =
        MatrixProduct.builder(batch, units, features)
            .epilogue(relu ? affine.withRelu() : affine)
            .parallel(parallel)
            .build();
    weightGradient =
        MatrixProduct.builder(features, units, batch).transposeA().parallel(parallel).build();
    inputGradient =
        MatrixProduct.builder(batch, features, units).transposeB().parallel(parallel).build();
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    forward.run(x.unwrap(), w.unwrap(), y.unwrap());
  }

  @Override
  public void parameterGradients(Tensor x, Tensor dy, Tensor dw, Optional<Tensor> db) {
    weightGradient.run(x.unwrap(), dy.unwrap(), dw.unwrap());
    if (db.isPresent()) {
      Sums.overRows(dy.unwrap(), batch, units, db.get().unwrap());
    }
  }

  @Override
  public void inputGradient(Tensor dy, Tensor dx) {
    inputGradient.run(dy.unwrap(), w.unwrap(), dx.unwrap());
  }
}
