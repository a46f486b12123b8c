package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.allclose.layer.Layer;
import org.allclose.layer.combine.Expand;
import org.allclose.layer.combine.Gather;
import org.allclose.layer.combine.Pad;
import org.allclose.layer.combine.Permute;
import org.allclose.layer.combine.Repeat;
import org.allclose.layer.combine.Roll;
import org.allclose.layer.combine.Select;
import org.allclose.layer.combine.Slice;
import org.allclose.layer.combine.Stack;
import org.allclose.tensor.Shape;

/** Layers that move values: for each index of the output, the one that it comes from. */
final class ExactMovement {

  /** The layers that are defined here. */
  static final Set<Class<?>> KNOWN =
      Set.of(
          Expand.class,
          Gather.class,
          Pad.class,
          Permute.class,
          Repeat.class,
          Roll.class,
          Select.class,
          Slice.class,
          Stack.class);

  private final Tape tape;
  private final ExactLayers layers;

  ExactMovement(Tape tape, ExactLayers layers) {
    this.tape = tape;
    this.layers = layers;
  }

  Values run(Layer layer, String name, Shape out, List<Values> given) {
    Values x = given.get(0);
    List<Node> y = new ArrayList<>();
    for (int[] at : ExactLayers.indices(out)) {
      if (layer instanceof Stack stack) {
        int[] rest = without(at, stack.axis() + 1);
        y.add(given.get(at[stack.axis() + 1]).at(rest));
      } else if (layer instanceof Permute permute) {
        int[] from = at.clone();
        for (int axis = 1; axis < at.length; axis++) {
          from[permute.axes().get(axis - 1) + 1] = at[axis];
        }
        y.add(x.at(from));
      } else if (layer instanceof Expand) {
        int[] from = new int[x.shape().rank()];
        for (int axis = 1; axis < from.length; axis++) {
          boolean isOne = x.shape().axis(axis) == 1;
          from[axis] = isOne ? 0 : at[at.length - from.length + axis];
        }
        from[0] = at[0];
        y.add(x.at(from));
      } else if (layer instanceof Select select) {
        int axis = select.axis() + 1;
        int[] from = new int[at.length + 1];
        for (int i = 0; i < from.length; i++) {
          from[i] = i == axis ? 0 : at[i < axis ? i : i - 1];
        }
        from[axis] = Math.floorMod(select.index(), x.shape().axis(axis));
        y.add(x.at(from));
      } else {
        y.add(along(layer, name, x, at));
      }
    }
    return new Values(out, y);
  }

  /** Returns the value that comes to an index, where one axis decides. */
  private Node along(Layer layer, String name, Values x, int[] at) {
    int[] from = at.clone();
    if (layer instanceof Slice slice) {
      int axis = slice.axis() + 1;
      int length = x.shape().axis(axis);
      int first = slice.start() < 0 ? Math.max(0, slice.start() + length) : slice.start();
      from[axis] = first + slice.step() * at[axis];
    } else if (layer instanceof Repeat repeat) {
      from[repeat.axis() + 1] %= x.shape().axis(repeat.axis() + 1);
    } else if (layer instanceof Roll roll) {
      int axis = roll.axis() + 1;
      from[axis] = Math.floorMod(at[axis] - roll.shift(), x.shape().axis(axis));
    } else if (layer instanceof Gather gather) {
      Node index = layers.parameters().get(name + "index").at(at[gather.axis() + 1]);
      from[gather.axis() + 1] = (int) index.value().toDouble();
    } else if (layer instanceof Pad pad) {
      int axis = pad.axis() + 1;
      int length = x.shape().axis(axis);
      int i = at[axis] - pad.before();
      if (pad.mode() == Pad.Mode.CONSTANT && (i < 0 || i >= length)) {
        return tape.number(pad.value());
      }
      from[axis] =
          switch (pad.mode()) {
            case CONSTANT -> i;
            case REFLECT -> length - 1 - Math.abs(length - 1 - Math.abs(i));
            case REPLICATE -> Math.min(Math.max(i, 0), length - 1);
            case CIRCULAR -> Math.floorMod(i, length);
          };
    } else {
      throw new IllegalArgumentException("expected a known layer but got " + layer);
    }
    return x.at(from);
  }

  private static int[] without(int[] at, int axis) {
    int[] rest = new int[at.length - 1];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = at[i < axis ? i : i + 1];
    }
    return rest;
  }
}
