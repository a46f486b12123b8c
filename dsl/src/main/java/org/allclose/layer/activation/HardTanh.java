package org.allclose.layer.activation;

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
 * Hard hyperbolic tangent, {@code y = min(max(x, low), high)}, with a gradient of 0 at both ends
 * and beyond.
 *
 * <p>Shapes: x (n, ...), result as x. NaN and -0.0 stay.
 *
 * <p>Source: the reference's {@code hard_tanh_forward}; PyTorch {@code nn.Hardtanh}.
 *
 * @param min the least output
 * @param max the largest output, above the least
 */
public record HardTanh(double min, double max) implements ElementwiseLayer {

  /** The least output where nothing is said. */
  public static final double DEFAULT_MIN = -1;

  /** The largest output where nothing is said. */
  public static final double DEFAULT_MAX = 1;

  private static final Setting<HardTanh, Double> MIN =
      Setting.<HardTanh>number("min", HardTanh::min).finite().orElse(DEFAULT_MIN).quiet();
  private static final Setting<HardTanh, Double> MAX =
      Setting.<HardTanh>number("max", HardTanh::max).finite().orElse(DEFAULT_MAX).quiet();

  /** What this kind of layer says of itself. */
  public static final Type<HardTanh> TYPE =
      Type.of("hardTanh", HardTanh.class, v -> new HardTanh(v.get(MIN), v.get(MAX)), MIN, MAX)
          .withSamples(
              () -> List.of(Sample.of(new HardTanh(), 6), Sample.of(new HardTanh(-0.3, 1.2), 6)));

  /**
   * @throws IllegalArgumentException if the numbers are not finite, or the first not the smaller
   *     one
   */
  public HardTanh {
    MIN.check(min);
    MAX.check(max);
    if (!(min < max)) {
      throw new IllegalArgumentException(
          "max: expected a number above min, " + min + ", but got " + max);
    }
  }

  /** A layer between {@link #DEFAULT_MIN} and {@link #DEFAULT_MAX}. */
  public HardTanh() {
    this(DEFAULT_MIN, DEFAULT_MAX);
  }

  /**
   * Returns a layer between two numbers.
   *
   * @throws IllegalArgumentException if they are not finite, or the first not the smaller one
   */
  public HardTanh between(double least, double largest) {
    return new HardTanh(least, largest);
  }

  @Override
  public Type<HardTanh> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).clip(min, max)) {
      @Override
      public Pass disturbed(RoundingErrors errors) {
        return onPieces(x -> x > min && x < max ? 1 : 0);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
