package org.allclose.layer.math;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.pass.FunctionPass;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Power with a fixed exponent, {@code y = x ** exponent}.
 *
 * <p>Its gradient is {@code dout * exponent * x ** (exponent - 1)}, and 0 where the exponent is 0.
 * As in numpy, an exponent of -1, 0, 0.5, 1 or 2 is a reciprocal, 1, a square root, x or a square,
 * others are the power function, which is NaN for a negative x unless they are whole.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code pow_forward}; numpy {@code x ** exponent}.
 *
 * @param exponent the exponent, finite
 */
public record Pow(double exponent) implements ElementwiseLayer {

  private static final Setting<Pow, Double> EXPONENT =
      Setting.<Pow>number("exponent", Pow::exponent).finite().bare();

  /** What this kind of layer says of itself. */
  public static final Type<Pow> TYPE =
      Type.of("pow", Pow.class, v -> new Pow(v.get(EXPONENT)), EXPONENT)
          .withSamples(() -> List.of(Sample.of(new Pow(2), 6), Sample.of(new Pow(3), 6)));

  /**
   * @throws IllegalArgumentException if the exponent is not finite
   */
  public Pow {
    EXPONENT.check(exponent);
  }

  @Override
  public Type<Pow> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).pow(exponent));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
