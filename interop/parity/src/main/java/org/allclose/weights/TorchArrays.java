package org.allclose.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.allclose.internal.axes.Axes;
import org.allclose.layer.ParameterSpec;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Arrays of {@code torch.nn} whose names or layouts no other parameter has: RNN, LSTM and GRU with
 * their cells, MultiheadAttention, and weight norm.
 *
 * <p>A layer {@code lstm} is the first layer of the module {@code lstm}, {@code weight_ih_l0}; the
 * layers {@code lstm/l1} and {@code lstm/l1_reverse} are further ones of the same module.
 */
final class TorchArrays {
  private static final Pattern PART = Pattern.compile("(.*)\\.(l\\d+(?:_reverse)?)");
  private static final Map<String, String> RECURRENT =
      Map.of("Wx", "weight_ih", "Wh", "weight_hh", "b", "bias_ih", "bh", "bias_hh");
  private static final String PROJECTED = "qkv";

  private TorchArrays() {}

  /**
   * Returns where a parameter may be; nothing if it is a parameter of another kind.
   *
   * @param module the path of the layer's module
   * @param plain of a parameter in the layout of weights: its shape and what turns it into ours,
   *     under any name
   */
  static List<FrameworkArray> of(ParameterSlot slot, String module, FrameworkArray plain) {
    String parameter = slot.parameter().name();
    return switch (slot.node().layer().type().name()) {
      case "lstm" -> recurrent(slot, module, Gates.LSTM);
      case "gru" -> recurrent(slot, module, Gates.GRU);
      case "rnn" -> recurrent(slot, module, Gates.ONE);
      case "multiHeadAttention" -> attention(slot, module);
      default ->
          switch (parameter) {
            case "v" -> normed(module, "weight_v", "original1", plain);
            case "g" -> normed(module, "weight_g", "original0", sizes(slot));
            default -> List.of();
          };
    };
  }

  private static List<FrameworkArray> recurrent(ParameterSlot slot, String module, Gates gates) {
    String name = RECURRENT.get(slot.parameter().name());
    if (name == null) {
      return List.of();
    }
    Matcher part = PART.matcher(module);
    String first =
        part.matches()
            ? part.group(1) + "." + name + "_" + part.group(2)
            : module + "." + name + "_l0";
    Shape shape = reversed(slot.shape());
    UnaryOperator<Tensor> toOurs = theirs -> gates.toOurs(transposed(theirs));
    return List.of(
        new FrameworkArray(first, shape, toOurs),
        new FrameworkArray(module + "." + name, shape, toOurs)); // of a cell
  }

  private static List<FrameworkArray> attention(ParameterSlot slot, String module) {
    String parameter = slot.parameter().name();
    boolean isWeight = parameter.startsWith("W");
    int part = PROJECTED.indexOf(parameter.charAt(1));
    if (part < 0) {
      return List.of(whole(slot, module + ".out_proj." + (isWeight ? "weight" : "bias")));
    }
    int features = slot.shape().axis(slot.shape().rank() - 1);
    FrameworkArray packed =
        new FrameworkArray(
            module + ".in_proj_" + (isWeight ? "weight" : "bias"),
            isWeight ? Shape.of(3 * features, slot.shape().axis(0)) : Shape.of(3 * features),
            theirs -> transposed(rows(theirs, part * features, features)));
    if (!isWeight) {
      return List.of(packed);
    }
    FrameworkArray own = whole(slot, module + "." + PROJECTED.charAt(part) + "_proj_weight");
    return hasOneWidth(slot) ? List.of(packed, own) : List.of(own);
  }

  /** Returns whether queries, keys and values are of the same width: then there is one array. */
  private static boolean hasOneWidth(ParameterSlot slot) {
    return slot.node().parameters().stream()
            .map(ParameterSpec::shape)
            .filter(shape -> shape.rank() == 2)
            .mapToInt(shape -> shape.axis(0))
            .distinct()
            .count()
        == 1;
  }

  private static List<FrameworkArray> normed(
      String module, String name, String parametrized, FrameworkArray array) {
    return List.of(
        new FrameworkArray(module + "." + name, array.shape(), array.toOurs()),
        new FrameworkArray(
            module + ".parametrizations.weight." + parametrized, array.shape(), array.toOurs()));
  }

  /** Sizes have an axis for each of the weights', all but the first of length 1. */
  private static FrameworkArray sizes(ParameterSlot slot) {
    int rank =
        slot.node().parameters().stream()
            .mapToInt(parameter -> parameter.shape().rank())
            .max()
            .orElse(1);
    int[] shape = new int[rank];
    Arrays.fill(shape, 1);
    shape[0] = slot.shape().size();
    return new FrameworkArray("", Shape.of(shape), theirs -> theirs.reshape(slot.shape()));
  }

  private static FrameworkArray whole(ParameterSlot slot, String name) {
    return new FrameworkArray(name, reversed(slot.shape()), TorchArrays::transposed);
  }

  private static Tensor rows(Tensor array, int from, int count) {
    return Axes.take(array, 0, IntStream.range(from, from + count).toArray());
  }

  private static Tensor transposed(Tensor array) {
    return array.shape().rank() == 2 ? Axes.transpose(array, 1, 0) : array;
  }

  private static Shape reversed(Shape shape) {
    List<Integer> lengths = new ArrayList<>();
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      lengths.add(shape.axis(axis));
    }
    return Shape.of(lengths.stream().mapToInt(Integer::intValue).toArray());
  }
}
