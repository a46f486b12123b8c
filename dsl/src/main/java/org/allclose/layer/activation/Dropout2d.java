package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.Groups;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Inverted dropout of whole channels: in training mode {@code y = x * mask} with {@code mask =
 * (rand(n, C, 1, 1) < keep) / keep}, drawn anew for each batch in C order; in inference mode y is
 * x.
 *
 * <p>Shapes: x (n, C, ...), such as images (n, C, H, W), result as x.
 *
 * <p>Source: Tompson and others, Efficient Object Localization Using Convolutional Networks, 2015;
 * the reference's {@code drop_groups_forward}; PyTorch {@code nn.Dropout2d}, whose p is the
 * probability to drop.
 *
 * @param keep the probability to keep a channel, above 0 and at most 1
 */
public record Dropout2d(double keep) implements UnaryLayer {
  private static final Setting<Dropout2d, Double> KEEP =
      Setting.<Dropout2d>number("keep", Dropout2d::keep)
          .where("a probability above 0 and at most 1", keep -> keep > 0 && keep <= 1);

  /** What this kind of layer says of itself. */
  public static final Type<Dropout2d> TYPE =
      Type.of("dropout2d", Dropout2d.class, v -> new Dropout2d(v.get(KEEP)), KEEP)
          .withSamples(() -> List.of(Sample.of(new Dropout2d(0.6), 4, 2, 3)));

  /**
   * @throws IllegalArgumentException if keep is not a probability above 0
   */
  public Dropout2d {
    KEEP.check(keep);
  }

  @Override
  public Type<Dropout2d> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() < 2) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, ...) with places but got " + input);
    }
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    int size = context.input().size();
    int channels = context.batch() * context.input().axis(0);
    return DropPass.of(context, keep, new Groups(1, channels, size / context.input().axis(0)));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
