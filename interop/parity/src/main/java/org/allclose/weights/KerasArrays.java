package org.allclose.weights;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.allclose.internal.axes.Axes;
import org.allclose.layer.sequence.MultiHeadAttention;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Arrays of {@code keras.layers} whose names or layouts no other parameter has: SimpleRNN, LSTM and
 * GRU, whose weights are those of their cells, and MultiHeadAttention, whose weights have an axis
 * of heads.
 *
 * <p>A direction of a Bidirectional is a layer {@code bidirectional/forward_lstm}.
 */
final class KerasArrays {
  private static final Map<String, String> RECURRENT =
      Map.of("Wx", "kernel", "Wh", "recurrent_kernel", "b", "bias", "bh", "bias");
  private static final Map<Character, String> PARTS =
      Map.of('q', "query", 'k', "key", 'v', "value", 'o', "attention_output");

  private KerasArrays() {}

  /**
   * Returns where a parameter may be; nothing if it is a parameter of another kind, or one that
   * Keras does not have.
   */
  static List<FrameworkArray> of(ParameterSlot slot) {
    return switch (slot.node().layer().type().name()) {
      case "lstm" -> recurrent(slot, "lstm_cell", Gates.LSTM);
      case "gru" -> recurrent(slot, "gru_cell", Gates.KERAS_GRU);
      case "rnn" -> recurrent(slot, "simple_rnn_cell", Gates.ONE);
      case "multiHeadAttention" -> List.of(attention(slot));
      default -> List.of();
    };
  }

  private static List<FrameworkArray> recurrent(ParameterSlot slot, String cell, Gates gates) {
    String parameter = slot.parameter().name();
    String name = RECURRENT.get(parameter);
    boolean hasTwo =
        slot.node().parameters().stream().anyMatch(other -> other.name().endsWith("/bh"));
    boolean isBias = name != null && name.equals("bias");
    if (name == null || (isBias && hasTwo && gates != Gates.KERAS_GRU)) {
      return List.of();
    }
    boolean isPart = isBias && hasTwo; // a row for what comes in, one for the states
    Shape shape = isPart ? slot.shape().prepend(2) : slot.shape();
    UnaryOperator<Tensor> toOurs =
        theirs ->
            gates.toOurs(
                isPart
                    ? Axes.take(theirs, 0, parameter.equals("b") ? 0 : 1).reshape(slot.shape())
                    : theirs);
    return List.of(
        new FrameworkArray(slot.node().name() + "/" + cell + "/" + name, shape, toOurs),
        new FrameworkArray(slot.node().name() + "/" + name, shape, toOurs));
  }

  private static FrameworkArray attention(ParameterSlot slot) {
    String parameter = slot.parameter().name();
    boolean isWeight = parameter.startsWith("W");
    char part = parameter.charAt(1);
    int heads = ((MultiHeadAttention) slot.node().layer()).heads();
    Shape ours = slot.shape();
    Shape shape =
        switch (ours.rank()) {
          case 2 ->
              part == 'o'
                  ? Shape.of(heads, ours.axis(0) / heads, ours.axis(1))
                  : Shape.of(ours.axis(0), heads, ours.axis(1) / heads);
          default -> part == 'o' ? ours : Shape.of(heads, ours.axis(0) / heads);
        };
    return new FrameworkArray(
        slot.node().name() + "/" + PARTS.get(part) + "/" + (isWeight ? "kernel" : "bias"),
        shape,
        theirs -> theirs.reshape(ours));
  }
}
