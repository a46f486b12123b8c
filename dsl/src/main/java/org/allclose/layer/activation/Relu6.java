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
 * Rectified linear unit up to 6, {@code y = min(max(x, 0), 6)}, with a gradient of 0 at 0 and at 6.
 *
 * <p>Shapes: x (n, ...), result as x. NaN and -0.0 stay.
 *
 * <p>Source: the reference's {@code hard_tanh_forward}; PyTorch {@code nn.ReLU6}.
 */
public record Relu6() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Relu6> TYPE =
      Type.plain("relu6", Relu6.class, Relu6::new)
          .withSamples(() -> List.of(Sample.of(new Relu6(), 6)));

  @Override
  public Type<Relu6> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).clip(0, 6)) {
      @Override
      public Pass disturbed(RoundingErrors errors) {
        return onPieces(x -> x > 0 && x < 6 ? 1 : 0);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
