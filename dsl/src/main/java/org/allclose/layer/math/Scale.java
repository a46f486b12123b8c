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
 * Multiplication by a number, {@code y = x * factor}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code scale_forward}.
 *
 * @param factor the number, finite
 */
public record Scale(double factor) implements ElementwiseLayer {

  private static final Setting<Scale, Double> FACTOR =
      Setting.<Scale>number("factor", Scale::factor).finite().bare();

  /** What this kind of layer says of itself. */
  public static final Type<Scale> TYPE =
      Type.of("scale", Scale.class, v -> new Scale(v.get(FACTOR)), FACTOR)
          .withSamples(() -> List.of(Sample.of(new Scale(-0.7), 6)));

  /**
   * @throws IllegalArgumentException if the factor is not finite
   */
  public Scale {
    FACTOR.check(factor);
  }

  @Override
  public Type<Scale> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).scale(factor));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
