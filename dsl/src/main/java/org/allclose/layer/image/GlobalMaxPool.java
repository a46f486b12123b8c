package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.pass.GlobalWindows;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * The largest value of each channel.
 *
 * <p>Shapes: x (n, C, ...), result (n, C). Of equal values the first in row-major order is taken
 * and gets the gradient, as of {@link MaxPool2d}.
 *
 * <p>Source: the reference's {@code max_forward} with one window; PyTorch {@code
 * AdaptiveMaxPool2d(1)}; Keras {@code GlobalMaxPooling2D}.
 */
public record GlobalMaxPool() implements UnaryLayer {

  /** What this kind of layer says of itself. */
  public static final Type<GlobalMaxPool> TYPE =
      Type.plain("globalMaxPool", GlobalMaxPool.class, GlobalMaxPool::new)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new GlobalMaxPool(), 2, 3, 4),
                      Sample.of(new GlobalMaxPool(), 3, 5)));

  @Override
  public Type<GlobalMaxPool> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "pool";
  }

  @Override
  public Shape outputShape(Shape input) {
    return GlobalWindows.channelsOf(input);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new MaxPoolPass(this, context, GlobalWindows.all(context));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
