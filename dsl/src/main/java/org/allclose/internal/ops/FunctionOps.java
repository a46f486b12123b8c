package org.allclose.internal.ops;

import java.util.function.DoubleUnaryOperator;
import org.allclose.tensor.DType;
import org.allclose.tensor.Tensor;

/**
 * Functions of each element of tensors of one dtype, with numpy's bits.
 *
 * <p>An argument is modified only where its name is that of a result: {@code y}, {@code dx};
 * results may not overlap arguments. Elements are taken in C order.
 */
public interface FunctionOps {

  /** Returns the operations for a dtype; nothing is allocated. */
  static FunctionOps of(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Float64FunctionOps.INSTANCE;
    };
  }

  // Arithmetic.

  /** Returns {@code x * factor}. */
  ElementFunction scale(double factor);

  /** Returns {@code x + offset}. */
  ElementFunction shift(double offset);

  /** Returns {@code x ** exponent}, numpy's of an array and a number. */
  ElementFunction pow(double exponent);

  ElementFunction exp();

  ElementFunction log();

  ElementFunction sqrt();

  /** Returns {@code 1 / sqrt(x)}. */
  ElementFunction rsqrt();

  ElementFunction reciprocal();

  ElementFunction abs();

  ElementFunction negate();

  ElementFunction sin();

  ElementFunction cos();

  // Straight pieces.

  /** Returns x between two numbers, with a gradient of 0 at these and beyond. */
  ElementFunction clip(double low, double high);

  /** Returns x between two numbers, with a gradient of 0 beyond these. */
  ElementFunction clamp(double low, double high);

  ElementFunction hardSigmoid();

  ElementFunction hardSwish();

  // Exponential pieces.

  /** Returns {@code where(x > 0, scale * x, alpha * scale * expm1(x * inner))}. */
  ElementFunction elu(double alpha, double scale, double inner);

  /** Returns {@code log(1 + exp(beta * x)) / beta}, and x where {@code beta * x > threshold}. */
  ElementFunction softplus(double beta, double threshold);

  ElementFunction logSigmoid();

  /** Returns {@code x * sigmoid(factor * x)}. */
  ElementFunction swish(double factor);

  /** Returns {@code x * tanh(softplus(x))}. */
  ElementFunction mish();

  /** Returns {@code x / (1 + |x|)}. */
  ElementFunction softsign();

  // Slopes that are learnt.

  /**
   * Computes {@code where(sign > 0, x, alpha * x)}.
   *
   * @param groups which alpha an element takes
   */
  void scaleNotPositive(Tensor x, Tensor sign, Groups groups, Tensor alpha, Tensor y);

  /** Computes {@code where(sign > 0, 0, a * b)}. */
  void multiplyNotPositive(Tensor a, Tensor b, Tensor sign, Tensor out);

  // Functions of others.

  /**
   * Returns a function by its values and those of its derivative; the gradient is {@code dout *
   * derivative(x)}.
   */
  ElementFunction of(DoubleUnaryOperator value, DoubleUnaryOperator derivative);

  // Two halves of rows.

  /**
   * Computes the first half of each row times the logistic function of the second.
   *
   * @param half elements of half a row
   */
  void glu(Tensor x, int half, Tensor y);

  void gluGradient(Tensor dout, Tensor x, int half, Tensor dx);
}
