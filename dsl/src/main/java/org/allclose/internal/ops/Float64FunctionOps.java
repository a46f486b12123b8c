package org.allclose.internal.ops;

import java.util.function.DoubleUnaryOperator;
import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.elementwise.Gates;
import org.allclose.internal.kernel.elementwise.MathFunctions;
import org.allclose.internal.kernel.elementwise.Pieces;
import org.allclose.internal.kernel.math.ElementaryFunctions;
import org.allclose.tensor.Tensor;

/** The functions in double precision: each is two calls of the kernels. */
final class Float64FunctionOps implements FunctionOps {
  static final Float64FunctionOps INSTANCE = new Float64FunctionOps();

  private Float64FunctionOps() {}

  /** {@code y = f(x)} for n elements. */
  private interface Forward {
    void run(double[] x, double[] y, int n);
  }

  /** {@code dx = dout * f'(x)} for n elements. */
  private interface Gradient {
    void run(double[] dout, double[] x, double[] dx, int n);
  }

  /** The same, of the output. */
  private interface GradientOfOutput {
    void run(double[] dout, double[] x, double[] y, double[] dx, int n);
  }

  private record Function(Forward forward, GradientOfOutput backward) implements ElementFunction {
    @Override
    public void apply(Tensor x, Tensor y) {
      forward.run(x.unwrap(), y.unwrap(), y.size());
    }

    @Override
    public void gradient(Tensor dout, Tensor x, Tensor y, Tensor dx) {
      backward.run(dout.unwrap(), x.unwrap(), y.unwrap(), dx.unwrap(), dx.size());
    }
  }

  private static ElementFunction ofInput(Forward forward, Gradient gradient) {
    return new Function(forward, (dout, x, y, dx, n) -> gradient.run(dout, x, dx, n));
  }

  private static ElementFunction ofOutput(Forward forward, Gradient gradient) {
    return new Function(forward, (dout, x, y, dx, n) -> gradient.run(dout, y, dx, n));
  }

  @Override
  public ElementFunction scale(double factor) {
    return ofInput(
        (x, y, n) -> Elementwise.scale(x, factor, y, n),
        (dout, x, dx, n) -> Elementwise.scale(dout, factor, dx, n));
  }

  @Override
  public ElementFunction shift(double offset) {
    return ofInput(
        (x, y, n) -> MathFunctions.shift(x, offset, y, n),
        (dout, x, dx, n) -> System.arraycopy(dout, 0, dx, 0, n));
  }

  @Override
  public ElementFunction pow(double exponent) {
    return ofInput(
        (x, y, n) -> ElementaryFunctions.power(x, 0, exponent, y, 0, n),
        (dout, x, dx, n) -> MathFunctions.powGradient(dout, x, exponent, dx, n));
  }

  @Override
  public ElementFunction exp() {
    return ofOutput((x, y, n) -> ElementaryFunctions.exp(x, 0, y, 0, n), Elementwise::multiply);
  }

  @Override
  public ElementFunction log() {
    return ofInput((x, y, n) -> ElementaryFunctions.log(x, 0, y, 0, n), MathFunctions::logGradient);
  }

  @Override
  public ElementFunction sqrt() {
    return ofOutput(MathFunctions::sqrt, MathFunctions::sqrtGradient);
  }

  @Override
  public ElementFunction rsqrt() {
    return ofOutput(MathFunctions::rsqrt, MathFunctions::rsqrtGradient);
  }

  @Override
  public ElementFunction reciprocal() {
    return ofOutput(MathFunctions::reciprocal, MathFunctions::reciprocalGradient);
  }

  @Override
  public ElementFunction abs() {
    return ofInput(MathFunctions::abs, MathFunctions::absGradient);
  }

  @Override
  public ElementFunction negate() {
    return ofInput(Elementwise::negate, (dout, x, dx, n) -> Elementwise.negate(dout, dx, n));
  }

  @Override
  public ElementFunction sin() {
    return ofInput((x, y, n) -> ElementaryFunctions.sin(x, 0, y, 0, n), MathFunctions::sinGradient);
  }

  @Override
  public ElementFunction cos() {
    return ofInput((x, y, n) -> ElementaryFunctions.cos(x, 0, y, 0, n), MathFunctions::cosGradient);
  }

  @Override
  public ElementFunction clip(double low, double high) {
    return ofInput(
        (x, y, n) -> Pieces.clip(x, low, high, y, n),
        (dout, x, dx, n) -> Pieces.clipGradient(dout, x, low, high, dx, n));
  }

  @Override
  public ElementFunction clamp(double low, double high) {
    return ofInput(
        (x, y, n) -> Pieces.clip(x, low, high, y, n),
        (dout, x, dx, n) -> Pieces.clampGradient(dout, x, low, high, dx, n));
  }

  @Override
  public ElementFunction hardSigmoid() {
    return ofInput(Pieces::hardSigmoid, Pieces::hardSigmoidGradient);
  }

  @Override
  public ElementFunction hardSwish() {
    return ofInput(Pieces::hardSwish, Pieces::hardSwishGradient);
  }

  @Override
  public ElementFunction elu(double alpha, double scale, double inner) {
    return new Function(
        (x, y, n) -> Activations.elu(x, alpha, scale, inner, y, n),
        (dout, x, y, dx, n) -> Activations.eluGradient(dout, x, y, alpha, scale, inner, dx, n));
  }

  @Override
  public ElementFunction softplus(double beta, double threshold) {
    return ofInput(
        (x, y, n) -> Gates.softplus(x, beta, threshold, y, n),
        (dout, x, dx, n) -> Gates.softplusGradient(dout, x, beta, threshold, dx, n));
  }

  @Override
  public ElementFunction logSigmoid() {
    return ofInput(Gates::logSigmoid, Gates::logSigmoidGradient);
  }

  @Override
  public ElementFunction swish(double factor) {
    return ofInput(
        (x, y, n) -> Gates.swish(x, factor, y, n),
        (dout, x, dx, n) -> Gates.swishGradient(dout, x, factor, dx, n));
  }

  @Override
  public ElementFunction mish() {
    return ofInput(Gates::mish, Gates::mishGradient);
  }

  @Override
  public ElementFunction softsign() {
    return ofInput(Gates::softsign, Gates::softsignGradient);
  }

  @Override
  public void scaleNotPositive(Tensor x, Tensor sign, Groups g, Tensor alpha, Tensor y) {
    Pieces.scaleNotPositive(
        x.unwrap(), sign.unwrap(), g.outer(), g.groups(), g.inner(), alpha.unwrap(), y.unwrap());
  }

  @Override
  public void multiplyNotPositive(Tensor a, Tensor b, Tensor sign, Tensor out) {
    Pieces.multiplyNotPositive(a.unwrap(), b.unwrap(), sign.unwrap(), out.unwrap(), out.size());
  }

  @Override
  public ElementFunction of(DoubleUnaryOperator value, DoubleUnaryOperator derivative) {
    return ofInput(
        (x, y, n) -> MathFunctions.apply(x, value, y, n),
        (dout, x, dx, n) -> MathFunctions.applyGradient(dout, x, derivative, dx, n));
  }

  @Override
  public void glu(Tensor x, int half, Tensor y) {
    Gates.glu(x.unwrap(), half, y.unwrap(), y.size());
  }

  @Override
  public void gluGradient(Tensor dout, Tensor x, int half, Tensor dx) {
    Gates.gluGradient(dout.unwrap(), x.unwrap(), half, dx.unwrap(), dout.size());
  }
}
