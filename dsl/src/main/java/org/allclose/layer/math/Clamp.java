package org.allclose.layer.math;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.pass.FunctionPass;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Clamp, {@code y = min(max(x, least), largest)}, with a gradient of 0 beyond both ends, and not at
 * them.
 *
 * <p>Shapes: x (n, ...), result as x. NaN and -0.0 stay.
 *
 * <p>Source: the reference's {@code clamp_forward}; PyTorch {@code torch.clamp}.
 *
 * @param min the least output; -infinity for none
 * @param max the largest output, at least the least one; infinity for none
 */
public record Clamp(double min, double max) implements ElementwiseLayer {
  private static final Setting<Clamp, Double> MIN =
      Setting.<Clamp>number("min", Clamp::min)
          .where("a finite number", min -> min < Double.POSITIVE_INFINITY)
          .orElse(Double.NEGATIVE_INFINITY)
          .quiet();
  private static final Setting<Clamp, Double> MAX =
      Setting.<Clamp>number("max", Clamp::max)
          .where("a finite number", max -> max > Double.NEGATIVE_INFINITY)
          .orElse(Double.POSITIVE_INFINITY)
          .quiet();

  /** What this kind of layer says of itself. */
  public static final Type<Clamp> TYPE =
      Type.of("clamp", Clamp.class, v -> new Clamp(v.get(MIN), v.get(MAX)), MIN, MAX)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Clamp(-0.5, 0.5), 6),
                      Sample.of(new Clamp().min(0.1), 6),
                      Sample.of(new Clamp().max(0.1), 6)));

  /**
   * @throws IllegalArgumentException if the first number is above the second, infinity or NaN
   */
  public Clamp {
    MIN.check(min);
    MAX.check(max);
    if (!(min <= max)) {
      throw new IllegalArgumentException(
          "max: expected a number of at least min, " + min + ", but got " + max);
    }
  }

  /** A layer without ends, which leaves everything as it is. */
  public Clamp() {
    this(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** Returns the same layer with another least output. */
  public Clamp min(double least) {
    return TYPE.with(this, MIN, least);
  }

  /** Returns the same layer with another largest output. */
  public Clamp max(double largest) {
    return TYPE.with(this, MAX, largest);
  }

  @Override
  public Type<Clamp> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).clamp(min, max)) {
      @Override
      public Pass disturbed(RoundingErrors errors) {
        return onPieces(x -> x >= min && x <= max ? 1 : 0);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
