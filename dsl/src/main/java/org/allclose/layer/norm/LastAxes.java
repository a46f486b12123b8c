package org.allclose.layer.norm;

import java.util.Arrays;
import java.util.function.Function;
import org.allclose.internal.ops.Groups;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.type.Setting;

/** The last axes of a sample: what is normalized together, at each place of the axes before. */
final class LastAxes {

  /** How many axes where nothing is said: 0, which stands for all of the sample's. */
  static final int ALL = 0;

  private LastAxes() {}

  /** Returns the setting that says how many. */
  static <T> Setting<T, Integer> setting(Function<T, Integer> component) {
    return Setting.<T>integer("axes", component).atLeast(0).orElse(ALL).quiet();
  }

  /**
   * Returns their shape.
   *
   * @throws ShapeMismatchException if the input has fewer
   */
  static Shape of(Shape input, int axes) {
    if (axes > input.rank()) {
      throw new ShapeMismatchException(
          "expected input with at least " + axes + " axes but got " + input);
    }
    int[] all = input.toArray();
    return axes == ALL ? input : Shape.of(Arrays.copyOfRange(all, all.length - axes, all.length));
  }

  /** Returns what each axis counts: channels and places if all of an image is taken together. */
  static AxisRole[] roles(Shape input, int axes) {
    Shape last = of(input, axes);
    AxisRole[] roles = new AxisRole[last.rank()];
    boolean isImage = last.rank() == 3 && input.rank() == 3;
    Arrays.fill(roles, isImage ? AxisRole.PLACE : AxisRole.FEATURE);
    roles[0] = isImage ? AxisRole.CHANNEL : AxisRole.FEATURE;
    return roles;
  }

  /** Returns the rows of a batch, each what is normalized together. */
  static Groups rows(LayerContext context, int axes) {
    int size = of(context.input(), axes).size();
    return new Groups(1, context.batch() * (context.input().size() / size), size);
  }

  /** Returns the columns of the rows, one for each number of gamma. */
  static Groups columns(LayerContext context, int axes) {
    Groups rows = rows(context, axes);
    return new Groups(rows.groups(), rows.inner(), 1);
  }
}
