package org.allclose.layer.activation;

import java.util.List;
import java.util.Optional;
import org.allclose.init.Constant;
import org.allclose.internal.ops.Groups;
import org.allclose.layer.AxisRole;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Leaky rectified linear unit whose slope is learnt, {@code y = x} where x is positive, else {@code
 * alpha * x}.
 *
 * <p>Shapes: x (n, C, ...), result as x; alpha (1), or (C) with a slope for each channel or
 * feature. The gradient of alpha is the sum of {@code dout * x} where x is not positive.
 *
 * <p>Source: He and others, Delving Deep into Rectifiers, 2015; the reference's {@code
 * prelu_forward}; PyTorch {@code nn.PReLU}, whose {@code num_parameters} is 1 or C.
 *
 * @param channels whether each channel has a slope of its own
 */
public record Prelu(boolean channels) implements ElementwiseLayer {

  /** What a new network's slopes start at. */
  public static final double START = 0.25;

  static final String ALPHA = "alpha";

  private static final Setting<Prelu, Boolean> CHANNELS =
      Setting.truth("channels", false, Prelu::channels);

  /** What this kind of layer says of itself. */
  public static final Type<Prelu> TYPE =
      Type.of("prelu", Prelu.class, v -> new Prelu(v.get(CHANNELS)), CHANNELS)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Prelu(), 5),
                      Sample.of(new Prelu(true), 5),
                      Sample.of(new Prelu(true), 2, 3, 2)));

  /** A layer with one slope. */
  public Prelu() {
    this(false);
  }

  @Override
  public Type<Prelu> type() {
    return TYPE;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    AxisRole role = channels && input.rank() > 1 ? AxisRole.CHANNEL : AxisRole.FEATURE;
    return List.of(
        ParameterSpec.bias(ALPHA, Shape.of(channels ? input.axis(0) : 1), role)
            .startingWith(Optional.of(new Constant(START))));
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape input = context.input();
    int size = input.size();
    return new PreluPass(
        context,
        channels
            ? new Groups(context.batch(), input.axis(0), size / input.axis(0))
            : new Groups(1, 1, context.batch() * size));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
