package org.allclose.internal.ops;

import org.allclose.internal.kernel.math.ElementaryFunctions;
import org.allclose.tensor.DType;
import org.allclose.tensor.Tensor;

/**
 * What training does with parameters and gradients of one dtype: element by element, with numpy's
 * bits, each operation rounded on its own.
 *
 * <p>The first argument is modified, and others where it is said. Shapes are the caller's business:
 * as many elements are taken as the first one has.
 */
public interface TrainingOps {

  /** Returns the operations for a dtype; nothing is allocated. */
  static TrainingOps of(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Float64TrainingOps.INSTANCE;
    };
  }

  /** Returns {@code base ** exponent} of two Python numbers. */
  static double power(double base, long exponent) {
    return ElementaryFunctions.pow(base, (double) exponent);
  }

  /** Computes {@code w -= rate * dw}. */
  void subtractScaled(Tensor w, double rate, Tensor dw);

  /** Computes {@code w -= rate * decay * w}. */
  void decay(Tensor w, double rate, double decay);

  /**
   * Computes {@code v = momentum * v - rate * dw; w += v}.
   *
   * @param v modified
   */
  void momentumStep(Tensor w, Tensor v, double momentum, double rate, Tensor dw);

  /**
   * Computes {@code before = v; v = momentum * v - rate * dw; w += -momentum * before + (1 +
   * momentum) * v}.
   *
   * @param v modified
   */
  void nesterovStep(Tensor w, Tensor v, double momentum, double rate, Tensor dw);

  /**
   * Computes {@code v = momentum * v - rate * dw; w += momentum * v - rate * dw}.
   *
   * @param v modified
   */
  void kerasNesterovStep(Tensor w, Tensor v, double momentum, double rate, Tensor dw);

  /** Computes {@code mean = decay * mean + (1 - decay) * dw}. */
  void average(Tensor mean, double decay, Tensor dw);

  /** Computes {@code squares = decay * squares + (1 - decay) * (dw * dw)}. */
  void averageSquares(Tensor squares, double decay, Tensor dw);

  /** Computes {@code squares += dw * dw}. */
  void addSquares(Tensor squares, Tensor dw);

  /** Computes {@code w -= rate * direction / (sqrt(squares) + epsilon)}. */
  void stepByRoot(Tensor w, double rate, Tensor direction, Tensor squares, double epsilon);

  /** Computes {@code w -= rate * direction / sqrt(squares + epsilon)}. */
  void stepByRootOfSum(Tensor w, double rate, Tensor direction, Tensor squares, double epsilon);

  /**
   * Computes {@code w -= rate * (mean / meanCorrection) / (sqrt(squares / squaresCorrection) +
   * epsilon)}.
   */
  void correctedStep(
      Tensor w,
      double rate,
      Tensor mean,
      double meanCorrection,
      Tensor squares,
      double squaresCorrection,
      double epsilon);

  /** Computes {@code np.clip(x, -limit, limit)}; NaN stays. */
  void clip(Tensor x, double limit);

  /** Computes {@code x *= factor}. */
  void scale(Tensor x, double factor);

  /** Returns {@code np.sum(x * x)}; x is not modified. */
  double sumOfSquares(Tensor x);

  /** Returns whether all elements are finite; x is not modified. */
  boolean isFinite(Tensor x);

  /** Returns the first element that is not finite, or 0 if all are; x is not modified. */
  double firstNotFinite(Tensor x);
}
