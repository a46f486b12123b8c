package org.allclose.internal.ops;

import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.elementwise.OptimizerSteps;
import org.allclose.internal.kernel.reduce.Finite;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.tensor.Tensor;

/** What training does in double precision: each operation is a call of the kernels. */
final class Float64TrainingOps implements TrainingOps {
  static final TrainingOps INSTANCE = new Float64TrainingOps();

  private Float64TrainingOps() {}

  @Override
  public void subtractScaled(Tensor w, double rate, Tensor dw) {
    Elementwise.subtractScaled(w.unwrap(), rate, dw.unwrap(), w.size());
  }

  @Override
  public void decay(Tensor w, double rate, double decay) {
    OptimizerSteps.decay(w.unwrap(), rate, decay, w.size());
  }

  @Override
  public void momentumStep(Tensor w, Tensor v, double momentum, double rate, Tensor dw) {
    Elementwise.momentumStep(w.unwrap(), v.unwrap(), momentum, rate, dw.unwrap(), w.size());
  }

  @Override
  public void nesterovStep(Tensor w, Tensor v, double momentum, double rate, Tensor dw) {
    OptimizerSteps.nesterov(w.unwrap(), dw.unwrap(), rate, v.unwrap(), momentum, w.size());
  }

  @Override
  public void kerasNesterovStep(Tensor w, Tensor v, double momentum, double rate, Tensor dw) {
    OptimizerSteps.kerasNesterov(w.unwrap(), dw.unwrap(), rate, v.unwrap(), momentum, w.size());
  }

  @Override
  public void average(Tensor mean, double decay, Tensor dw) {
    OptimizerSteps.average(mean.unwrap(), dw.unwrap(), decay, mean.size());
  }

  @Override
  public void averageSquares(Tensor squares, double decay, Tensor dw) {
    OptimizerSteps.averageSquares(squares.unwrap(), dw.unwrap(), decay, squares.size());
  }

  @Override
  public void addSquares(Tensor squares, Tensor dw) {
    OptimizerSteps.addSquares(squares.unwrap(), dw.unwrap(), squares.size());
  }

  @Override
  public void stepByRoot(Tensor w, double rate, Tensor direction, Tensor squares, double epsilon) {
    OptimizerSteps.scaledByRoot(
        w.unwrap(), direction.unwrap(), rate, squares.unwrap(), epsilon, w.size());
  }

  @Override
  public void stepByRootOfSum(
      Tensor w, double rate, Tensor direction, Tensor squares, double epsilon) {
    OptimizerSteps.scaledByRootOfSum(
        w.unwrap(), direction.unwrap(), rate, squares.unwrap(), epsilon, w.size());
  }

  @Override
  public void correctedStep(
      Tensor w,
      double rate,
      Tensor mean,
      double meanCorrection,
      Tensor squares,
      double squaresCorrection,
      double epsilon) {
    OptimizerSteps.corrected(
        w.unwrap(),
        rate,
        mean.unwrap(),
        meanCorrection,
        squares.unwrap(),
        squaresCorrection,
        epsilon,
        w.size());
  }

  @Override
  public void clip(Tensor x, double limit) {
    OptimizerSteps.clip(x.unwrap(), limit, x.size());
  }

  @Override
  public void scale(Tensor x, double factor) {
    Elementwise.scale(x.unwrap(), factor, x.unwrap(), x.size());
  }

  @Override
  public double sumOfSquares(Tensor x) {
    return Sums.ofSquares(x.unwrap(), x.size());
  }

  @Override
  public boolean isFinite(Tensor x) {
    return Finite.all(x.unwrap(), x.size());
  }

  @Override
  public double firstNotFinite(Tensor x) {
    return Finite.first(x.unwrap());
  }
}
