package org.allclose.layer.combine;

import java.util.List;
import java.util.stream.Stream;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.SourceLayer;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Numbers that are learnt and given to each sample: class tokens, position embeddings, scales.
 *
 * <p>Takes nothing. Shapes: the parameter {@code value} has the given shape, starts at 0 and is not
 * penalised; result (n, ...) with it for each sample. Its gradient is {@code np.sum(dout, axis=0)}.
 *
 * <p>Source: the reference's {@code source_forward}; {@code np.broadcast_to(value, (n,) + shape)}.
 *
 * @param shape the shape of the numbers
 */
public record Parameter(Shape shape) implements SourceLayer {

  private static final Setting<Parameter, Shape> SHAPE =
      Setting.axes("shape", Parameter::shape).bare();

  /** What this kind of layer says of itself. */
  public static final Type<Parameter> TYPE =
      Type.of("parameter", Parameter.class, v -> new Parameter(v.get(SHAPE)), SHAPE)
          .withSamples(() -> List.of(new Sample<>(new Parameter(2, 3), List.of())));

  private static final String VALUE = "value";

  /** A layer of the given lengths of axes. */
  public Parameter(int... shape) {
    this(Shape.of(shape));
  }

  @Override
  public Type<Parameter> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape() {
    return shape;
  }

  @Override
  public List<ParameterSpec> parameters() {
    AxisRole[] axes =
        Stream.generate(() -> AxisRole.FEATURE).limit(shape.rank()).toArray(AxisRole[]::new);
    return List.of(ParameterSpec.bias(VALUE, shape, axes));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new SourcePass(context, shape, VALUE, true);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
