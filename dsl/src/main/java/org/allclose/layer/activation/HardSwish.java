package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.pass.FunctionPass;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Hard swish, {@code y = x * min(max(x + 3, 0), 6) / 6}.
 *
 * <p>Its gradient is 0 up to -3, {@code dout * (x / 3 + 0.5)} below 3, dout from there on.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: Howard and others, Searching for MobileNetV3, 2019; the reference's {@code
 * hard_swish_forward}; PyTorch {@code nn.Hardswish}.
 */
public record HardSwish() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<HardSwish> TYPE =
      Type.plain("hardSwish", HardSwish.class, HardSwish::new)
          .withSamples(() -> List.of(Sample.of(new HardSwish(), 6)));

  @Override
  public Type<HardSwish> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).hardSwish()) {
      /** Of {@code x * x / 6 + x * 0.5}. */
      @Override
      protected double terms(double x, double y) {
        return x > -3 && x < 3 ? Math.abs(x) * (Math.abs(x) + 3) / 6 : Math.abs(y);
      }

      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        return x > -3 && x < 3 ? Math.abs(dout) * (Math.abs(x) / 3 + 0.5) : Math.abs(dx);
      }

      @Override
      public Pass disturbed(RoundingErrors errors) {
        return onPieces(
            x -> x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1, x -> x <= -3 || x >= 3 ? 0 : 1 / 3.0);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
