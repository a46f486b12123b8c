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
 * Addition of a number, {@code y = x + offset}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code shift_forward}.
 *
 * @param offset the number, finite
 */
public record Shift(double offset) implements ElementwiseLayer {

  private static final Setting<Shift, Double> OFFSET =
      Setting.<Shift>number("offset", Shift::offset).finite().bare();

  /** What this kind of layer says of itself. */
  public static final Type<Shift> TYPE =
      Type.of("shift", Shift.class, v -> new Shift(v.get(OFFSET)), OFFSET)
          .withSamples(() -> List.of(Sample.of(new Shift(0.3), 6)));

  /**
   * @throws IllegalArgumentException if the offset is not finite
   */
  public Shift {
    OFFSET.check(offset);
  }

  @Override
  public Type<Shift> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).shift(offset)) {
      @Override
      protected double terms(double x, double y) {
        return Math.abs(x) + Math.abs(offset);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
