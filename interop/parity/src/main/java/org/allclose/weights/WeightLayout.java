package org.allclose.weights;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.WeightSource;
import org.allclose.internal.axes.Axes;
import org.allclose.internal.message.Excerpt;
import org.allclose.layer.AxisRole;
import org.allclose.layer.ParameterSpec;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * How a framework names the parameters of a network and orders their axes.
 *
 * <p>{@link #adapt} turns them into this library's. A layout is said, never guessed: where another
 * one would fit, the error names it.
 *
 * <pre>{@code
 * WeightSource theirs = SafetensorsFile.open(Path.of("model.safetensors"));
 * Network net = spec.bind(WeightLayout.PYTORCH.adapt(theirs, spec));
 * }</pre>
 */
public enum WeightLayout {

  /**
   * This library's own, as cs231n has it: {@code fc1/W} (in, out), {@code conv1/W} (filters,
   * channels of a group, height, width), of a transposed convolution (channels, filters of a group,
   * height, width), {@code fc1/b}; norms have {@code gamma}, {@code beta}, batch norm {@code
   * runningMean} and {@code runningVariance}.
   */
  CS231N {
    @Override
    Optional<String> sourceName(ParameterSlot slot) {
      return Optional.of(slot.name());
    }
  },

  /**
   * A {@code state_dict} of PyTorch: {@code fc1.weight} (out, in), {@code conv1.weight} (filters,
   * channels, height, width), of a transposed convolution (channels, filters, height, width),
   * {@code fc1.bias}; norms have {@code weight} and {@code bias}, batch norm {@code running_mean}
   * and {@code running_var}. Recurrent layers, attention and weight norm have the names and layouts
   * that their modules have: {@code lstm.weight_ih_l0} with gates i, f, g, o and two biases, {@code
   * attn.in_proj_weight}, {@code fc1.weight_g} or {@code fc1.parametrizations.weight.original0}; a
   * further layer or direction of {@code lstm} is our layer {@code lstm/l1_reverse}. Its {@code
   * num_batches_tracked}, an int64, is known and dropped: nothing here counts batches. A layer
   * within a residual block is {@code block1.fc1}. Layers that PyTorch does not have are errors.
   */
  PYTORCH {
    @Override
    Optional<String> sourceName(ParameterSlot slot) {
      return FrameworkNames.PYTORCH
          .of(slot)
          .map(name -> name.isEmpty() ? module(slot) : path(slot) + name);
    }

    @Override
    List<FrameworkArray> arrays(ParameterSlot slot) {
      FrameworkArray plain = plain("", slot);
      List<FrameworkArray> own = TorchArrays.of(slot, module(slot), plain);
      return own.isEmpty() ? super.arrays(slot) : own;
    }

    @Override
    List<AxisRole> axes() {
      return List.of(AxisRole.OUT, AxisRole.IN, AxisRole.KERNEL, AxisRole.CHANNEL, AxisRole.PLACE);
    }

    @Override
    boolean ignores(String name, ParameterSlot slot) {
      return slot.parameter().role() == ParameterSpec.Role.STATISTIC
          && name.equals(path(slot) + "num_batches_tracked");
    }

    private String path(ParameterSlot slot) {
      return module(slot) + ".";
    }

    private String module(ParameterSlot slot) {
      return slot.node().name().replace('/', '.');
    }
  },

  /**
   * The {@code weights} of a Keras model that keeps images as (height, width, channels): {@code
   * fc1/kernel} (in, out), {@code conv1/kernel} (height, width, channels, filters), of a transposed
   * convolution (height, width, filters, channels), {@code fc1/bias}; norms have {@code gamma} and
   * {@code beta}, batch norm {@code moving_mean} and {@code moving_variance}. Recurrent layers have
   * the weights of their cell, {@code lstm/lstm_cell/recurrent_kernel} with gates i, f, c, o, of a
   * GRU z, r, h; attention has {@code mha/query/kernel} (in, heads, features of a head). A name may
   * end in {@code :0}, or all may start with the name of the model. What there is for each value of
   * flattened images, the rows of a dense layer or the values of a norm, is in the order (height,
   * width, channel) and put into ours. A layer within a residual block is {@code block1/fc1}.
   * Layers that Keras does not have are errors.
   */
  KERAS {
    @Override
    Optional<String> sourceName(ParameterSlot slot) {
      return FrameworkNames.KERAS.of(slot).map(name -> slot.node().name() + "/" + name);
    }

    @Override
    List<FrameworkArray> arrays(ParameterSlot slot) {
      List<FrameworkArray> own = KerasArrays.of(slot);
      return own.isEmpty() ? super.arrays(slot) : own;
    }

    @Override
    List<AxisRole> axes() {
      return List.of(AxisRole.KERNEL, AxisRole.PLACE, AxisRole.CHANNEL, AxisRole.IN, AxisRole.OUT);
    }

    @Override
    Tensor toOurs(ParameterSlot slot, Tensor theirs) {
      int[] rows = slot.rowsOfChannelsLast();
      if (slot.isOfValues() && slot.shape().axis(0) == rows.length) {
        return Axes.take(super.toOurs(slot, theirs), 0, rows);
      }
      return super.toOurs(slot, theirs);
    }

    @Override
    String resolve(String name, Set<String> names) {
      if (names.contains(name)) {
        return name;
      }
      String first = names.isEmpty() ? "" : names.iterator().next();
      String model = first.substring(0, first.indexOf('/') + 1);
      boolean named = names.stream().allMatch(other -> other.startsWith(model));
      return named && names.contains(model + name) ? model + name : name + ":0";
    }
  };

  /** Returns the name that a parameter has in this layout, if the layout knows its layer. */
  abstract Optional<String> sourceName(ParameterSlot slot);

  /** Returns the arrays that may have a parameter in this layout, the usual one first. */
  List<FrameworkArray> arrays(ParameterSlot slot) {
    return sourceName(slot).map(name -> plain(name, slot)).stream().toList();
  }

  /** Returns the array of one parameter alone. */
  FrameworkArray plain(String name, ParameterSlot slot) {
    return new FrameworkArray(name, sourceShape(slot), theirs -> toOurs(slot, theirs));
  }

  /** Returns the array that has a parameter: of those that may, the first that there is. */
  private FrameworkArray array(ParameterSlot slot, Set<String> names) {
    List<FrameworkArray> arrays = arrays(slot);
    return arrays.stream()
        .filter(array -> names.contains(resolve(array.name(), names)))
        .findFirst()
        .orElseGet(() -> arrays.get(0));
  }

  /** Returns the order in which this layout has the axes of a parameter; nothing if in ours. */
  List<AxisRole> axes() {
    return List.of();
  }

  /** Returns which of our axes each of this layout's is; axes of the same role keep their order. */
  private int[] order(ParameterSlot slot) {
    List<AxisRole> ours = roles(slot);
    return IntStream.range(0, ours.size())
        .boxed()
        .sorted(Comparator.comparing(axis -> axes().indexOf(ours.get(axis))))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Returns what frameworks take the axes of a parameter for: they keep the weights of a transposed
   * convolution as those of the convolution whose gradient it is, which puts out what comes in
   * here.
   */
  private static List<AxisRole> roles(ParameterSlot slot) {
    List<AxisRole> ours = slot.parameter().axes();
    boolean isTransposed =
        ours.contains(AxisRole.KERNEL)
            && ours.contains(AxisRole.IN)
            && ours.indexOf(AxisRole.IN) < ours.indexOf(AxisRole.OUT);
    return isTransposed ? ours.stream().map(WeightLayout::reversed).toList() : ours;
  }

  private static AxisRole reversed(AxisRole role) {
    return switch (role) {
      case IN -> AxisRole.OUT;
      case OUT -> AxisRole.IN;
      default -> role;
    };
  }

  /** Returns the shape that a parameter has in this layout. */
  Shape sourceShape(ParameterSlot slot) {
    return Shape.of(IntStream.of(order(slot)).map(axis -> slot.shape().axis(axis)).toArray());
  }

  /** Returns a parameter, of the shape that it has in this layout, with its axes in our order. */
  Tensor toOurs(ParameterSlot slot, Tensor theirs) {
    int[] order = order(slot);
    int[] back = new int[order.length];
    for (int axis = 0; axis < order.length; axis++) {
      back[order[axis]] = axis;
    }
    return isSorted(back) ? theirs : Axes.transpose(theirs, back);
  }

  private static boolean isSorted(int[] numbers) {
    return IntStream.range(0, numbers.length).allMatch(i -> numbers[i] == i);
  }

  /** Returns whether a name is known and of nothing that networks here have. */
  boolean ignores(String name, ParameterSlot slot) {
    return false;
  }

  /** Returns the one of the names that is meant. */
  String resolve(String name, Set<String> names) {
    return name;
  }

  /**
   * Returns the parameters of a network out of a source of this layout, under this library's names
   * and in its order of axes.
   *
   * @param source names in this layout; rename others with {@link RenamedWeights}
   * @param spec the network, whose layers have the names that the source's have
   * @throws IllegalArgumentException if this layout does not know a layer, a parameter is missing,
   *     or a tensor is not used; it lists both sides, and says which layout's names they are, if it
   *     is exactly one's
   * @throws ShapeMismatchException if a tensor does not have the shape that its parameter has in
   *     this layout; it shows both, and says which layout would fit, if exactly one does
   */
  public WeightSource adapt(WeightSource source, NetworkSpec spec) {
    List<ParameterSlot> slots = ParameterSlot.of(spec);
    requireKnown(slots);
    Set<String> unused = new LinkedHashSet<>(source.names());
    List<String> missing = new ArrayList<>();
    for (ParameterSlot slot : slots) {
      String name = nameOf(slot, source.names());
      unused.remove(name); // several parameters may be parts of one array
      if (!source.names().contains(name) && !missing.contains(name)) {
        missing.add(name);
      }
      unused.removeIf(other -> ignores(other, slot));
    }
    if (!missing.isEmpty() || !unused.isEmpty()) {
      throw new IllegalArgumentException(
          source.description()
              + ": expected parameters "
              + Excerpt.of(
                  slots.stream().map(slot -> nameOf(slot, source.names())).distinct().toList())
              + in()
              + " but got "
              + Excerpt.of(source.names())
              + (missing.isEmpty() ? "" : "; missing " + Excerpt.of(missing))
              + (unused.isEmpty() ? "" : "; unused " + Excerpt.of(unused))
              + advice(source, slots));
    }
    Map<String, Tensor> ours = new LinkedHashMap<>();
    for (ParameterSlot slot : slots) {
      Tensor theirs = source.get(nameOf(slot, source.names()));
      FrameworkArray array = array(slot, source.names());
      Shape expected = array.shape();
      if (!theirs.shape().equals(expected)) {
        throw new ShapeMismatchException(
            source.description()
                + "!"
                + nameOf(slot, source.names())
                + ": expected shape "
                + expected
                + in()
                + (this == CS231N ? "" : " for '" + slot.name() + "' of shape " + slot.shape())
                + " but got "
                + theirs.shape()
                + advice(source, slots));
      }
      ours.put(slot.name(), array.toOurs().apply(theirs));
    }
    return new Adapted(source.description(), Parameters.wrap(ours));
  }

  /** Returns what errors say of the layout: nothing if it is our own. */
  private String in() {
    return this == CS231N ? "" : " in layout " + this;
  }

  private String nameOf(ParameterSlot slot, Set<String> names) {
    return resolve(array(slot, names).name(), names);
  }

  private void requireKnown(List<ParameterSlot> slots) {
    for (ParameterSlot slot : slots) {
      if (arrays(slot).isEmpty()) {
        throw new IllegalArgumentException(
            "layer '"
                + slot.node().name()
                + "': expected a type of layer whose parameters layout "
                + this
                + " knows but got '"
                + slot.node().layer().type().name()
                + "' with '"
                + slot.parameter().name()
                + "'");
      }
    }
  }

  /** Says which layout the names or the shapes are of, if it is exactly one's. */
  private String advice(WeightSource source, List<ParameterSlot> slots) {
    List<WeightLayout> fitting = new ArrayList<>();
    for (WeightLayout layout : values()) {
      // The other's names and shapes, or the other's shapes under the names of this one.
      if (layout != this
          && (layout.fits(source, slots, layout) || layout.fits(source, slots, this))) {
        fitting.add(layout);
      }
    }
    return fitting.size() == 1 ? "; layout " + fitting.get(0) + " would fit" : "";
  }

  private boolean fits(WeightSource source, List<ParameterSlot> slots, WeightLayout names) {
    return slots.stream().allMatch(slot -> fits(source, slot, names));
  }

  private boolean fits(WeightSource source, ParameterSlot slot, WeightLayout names) {
    if (arrays(slot).isEmpty() || names.arrays(slot).isEmpty()) {
      return false;
    }
    String name = names.nameOf(slot, source.names());
    return source.names().contains(name)
        && source.get(name).shape().equals(array(slot, source.names()).shape());
  }

  /** Parameters in our layout that tell where they come from. */
  private record Adapted(String description, Parameters parameters) implements WeightSource {
    @Override
    public Set<String> names() {
      return parameters.names();
    }

    @Override
    public Tensor get(String name) {
      return parameters.get(name);
    }
  }
}
