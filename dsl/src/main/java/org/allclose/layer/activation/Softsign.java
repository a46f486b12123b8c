package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.pass.FunctionPass;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Softsign, {@code y = x / (1 + |x|)}.
 *
 * <p>Its gradient is {@code dout / (1 + |x|) ** 2}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code softsign_forward}; PyTorch {@code nn.Softsign}, Keras {@code
 * softsign}.
 */
public record Softsign() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Softsign> TYPE =
      Type.plain("softsign", Softsign.class, Softsign::new)
          .withSamples(() -> List.of(Sample.of(new Softsign(), 6)));

  @Override
  public Type<Softsign> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).softsign());
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
