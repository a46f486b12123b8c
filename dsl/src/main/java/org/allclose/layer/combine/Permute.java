package org.allclose.layer.combine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.allclose.internal.ops.Places;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * The axes of a sample in another order: {@code x.transpose}, the batch staying first.
 *
 * <p>Shapes: x (n, d0, ..., dk), result with axis i as long as the input's {@code axes[i]}.
 * Gradient: dout with its axes back in their order.
 *
 * <p>Source: numpy {@code transpose}; the reference's {@code movement.forward}.
 *
 * @param axes which axis of a sample, from 0, comes first, which second, and so on: each once
 */
public record Permute(List<Integer> axes) implements UnaryLayer {

  private static final Setting<Permute, List<Integer>> AXES =
      Setting.integers("axes", Permute::axes)
          .where("each axis from 0 once", axes -> isPermutation(axes))
          .bare();

  /** What this kind of layer says of itself. */
  public static final Type<Permute> TYPE =
      Type.of("permute", Permute.class, v -> new Permute(v.get(AXES)), AXES)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Permute(1, 0), 2, 3),
                      Sample.of(new Permute(2, 0, 1), 3, 2, 4)));

  /**
   * @throws IllegalArgumentException if not each axis is there once
   */
  public Permute {
    axes = List.copyOf(AXES.check(axes));
  }

  /** A layer that puts the axes in the given order. */
  public Permute(int... axes) {
    this(Arrays.stream(axes).boxed().toList());
  }

  private static boolean isPermutation(List<Integer> axes) {
    return axes.stream().sorted().toList().equals(IntStream.range(0, axes.size()).boxed().toList());
  }

  @Override
  public Type<Permute> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != axes.size()) {
      throw new ShapeMismatchException(
          "expected input of " + axes.size() + " axes but got " + input);
    }
    return Shape.of(axes.stream().mapToInt(input::axis).toArray());
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    int[] order = axes.stream().mapToInt(axis -> axis).toArray();
    Shape input = context.input();
    return new MovingPass(context, outputShape(input), Places.of(input).permute(order));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
