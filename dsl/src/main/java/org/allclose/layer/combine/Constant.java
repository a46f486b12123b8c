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
 * Numbers that are given to each sample: masks, positions, means. They are saved with the
 * parameters, and never trained.
 *
 * <p>Takes nothing. Shapes: the parameter {@code constant} has the given shape, result (n, ...)
 * with it for each sample. There is no gradient.
 *
 * <p>Source: the reference's {@code source_forward}; {@code np.broadcast_to(constant, (n,) +
 * shape)}.
 *
 * @param shape the shape of the numbers
 */
public record Constant(Shape shape) implements SourceLayer {

  private static final Setting<Constant, Shape> SHAPE =
      Setting.axes("shape", Constant::shape).bare();

  /** What this kind of layer says of itself. */
  public static final Type<Constant> TYPE =
      Type.of("constant", Constant.class, v -> new Constant(v.get(SHAPE)), SHAPE)
          .withSamples(() -> List.of(new Sample<>(new Constant(2, 3), List.of())));

  private static final String CONSTANT = "constant";

  /** A layer of the given lengths of axes. */
  public Constant(int... shape) {
    this(Shape.of(shape));
  }

  @Override
  public Type<Constant> type() {
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
    return List.of(ParameterSpec.constant(CONSTANT, shape, axes));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new SourcePass(context, shape, CONSTANT, false);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
