package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.Groups;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Stochastic depth, which drops whole samples: in training mode {@code y = x * mask} with {@code
 * mask = (rand(n, 1, ...) < keep) / keep}, drawn anew for each batch; in inference mode y is x. At
 * the end of a residual block it skips the block.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: Huang and others, Deep Networks with Stochastic Depth, 2016; the reference's {@code
 * drop_groups_forward}; torchvision {@code StochasticDepth} with mode {@code row}, whose p is the
 * probability to drop.
 *
 * @param keep the probability to keep a sample, above 0 and at most 1
 */
public record StochasticDepth(double keep) implements ElementwiseLayer {
  private static final Setting<StochasticDepth, Double> KEEP =
      Setting.<StochasticDepth>number("keep", StochasticDepth::keep)
          .where("a probability above 0 and at most 1", keep -> keep > 0 && keep <= 1);

  /** What this kind of layer says of itself. */
  public static final Type<StochasticDepth> TYPE =
      Type.of("stochasticDepth", StochasticDepth.class, v -> new StochasticDepth(v.get(KEEP)), KEEP)
          .withSamples(() -> List.of(Sample.of(new StochasticDepth(0.6), 4, 2, 3)));

  /**
   * @throws IllegalArgumentException if keep is not a probability above 0
   */
  public StochasticDepth {
    KEEP.check(keep);
  }

  @Override
  public Type<StochasticDepth> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    int size = context.input().size();
    return DropPass.of(context, keep, new Groups(1, context.batch(), size));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
