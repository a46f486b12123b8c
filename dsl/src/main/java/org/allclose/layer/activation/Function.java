package org.allclose.layer.activation;

import java.util.Objects;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.pass.FunctionPass;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.type.Setting;
import org.allclose.type.Type;
import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;
import org.apache.commons.math3.analysis.differentiation.UnivariateDifferentiableFunction;
import org.apache.commons.math3.analysis.function.Identity;

/**
 * Any differentiable function of Commons Math as an activation, {@code y = f(x)}: {@code new
 * Gaussian()}, {@code new Sinc()}, {@code FunctionUtils.compose(...)}.
 *
 * <p>Shapes: x (n, ...), result as x. Its gradient is {@code dout * f'(x)}, the derivative being
 * that of a {@link DerivativeStructure} of one variable and order 1. The bits are those of the
 * function: most of Commons Math's call its {@code FastMath}, where numpy calls the C library.
 *
 * <p>Only a program can give it: a network with it is not written to files. It allocates for each
 * element of a batch, as derivatives of Commons Math do; a function that many threads predict with
 * must allow that.
 *
 * @param function f
 */
public record Function(UnivariateDifferentiableFunction function) implements ElementwiseLayer {
  private static final Setting<Function, UnivariateDifferentiableFunction> FUNCTION =
      Setting.program("function", new Identity(), Function::function);

  /** Not among the types that files know. */
  static final Type<Function> KIND =
      Type.of("function", Function.class, v -> new Function(v.get(FUNCTION)), FUNCTION);

  public Function {
    Objects.requireNonNull(function);
  }

  @Override
  public Type<Function> type() {
    return KIND;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(
        context, FunctionOps.of(context.dtype()).of(function::value, this::derivative));
  }

  private double derivative(double x) {
    return function.value(new DerivativeStructure(1, 1, 0, x)).getPartialDerivative(1);
  }

  @Override
  public String toString() {
    return "function(" + function.getClass().getSimpleName() + ")";
  }
}
