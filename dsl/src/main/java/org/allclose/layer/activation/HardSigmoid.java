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
 * Hard logistic function, {@code y = min(max(x + 3, 0), 6) / 6}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code hard_sigmoid_forward}; PyTorch {@code nn.Hardsigmoid}, Keras
 * {@code hard_sigmoid}.
 */
public record HardSigmoid() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<HardSigmoid> TYPE =
      Type.plain("hardSigmoid", HardSigmoid.class, HardSigmoid::new)
          .withSamples(() -> List.of(Sample.of(new HardSigmoid(), 6)));

  @Override
  public Type<HardSigmoid> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).hardSigmoid()) {
      /** Of {@code x / 6 + 0.5}. */
      @Override
      protected double terms(double x, double y) {
        return x > -3 && x < 3 ? (Math.abs(x) + 3) / 6 : y;
      }

      @Override
      public Pass disturbed(RoundingErrors errors) {
        return onPieces(x -> x > -3 && x < 3 ? 1 / 6.0 : 0);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
