package org.allclose;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.allclose.layer.Layer;
import org.allclose.layer.activation.Dropout;
import org.allclose.layer.activation.Relu;
import org.allclose.layer.combine.Add;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.norm.LayerNorm;
import org.allclose.layer.sequence.MultiHeadAttention;

/**
 * The layers of a Transformer's encoder layer, or with a memory of its decoder layer, to be added
 * by {@link NetworkBuilder#block}: {@code .block("layers.0", TransformerLayer.encoder(8, 2048))}.
 *
 * <p>Each of attention, attention to the memory, and two dense layers f is added to what it takes:
 * {@code norm(x + dropout(f(x)))}, or norm first {@code x + dropout(f(norm(x)))}. Shapes: (n, T,
 * D), memory (n, S, E).
 *
 * <p>Names are PyTorch's: {@code self_attn}, {@code multihead_attn}, {@code linear1}, {@code
 * linear2}, {@code norm1} to {@code norm3}; besides {@code activation}, {@code add1} to {@code
 * add3} and, where something is dropped, {@code dropout} and {@code dropout1} to {@code dropout3}.
 *
 * <p>Source: Vaswani et al., Attention Is All You Need, 2017; PyTorch {@code
 * TransformerEncoderLayer} and {@code TransformerDecoderLayer}; cs231n {@code
 * TransformerDecoderLayer}.
 *
 * @param heads parts of the features that attend by themselves
 * @param hidden units of the first dense layer
 * @param memory the name of what a decoder layer attends to besides
 * @param causal whether step i takes no step behind i
 * @param normFirst whether norms come before rather than behind
 * @param keep the probability to keep, of weights of attention and of features
 * @param activation what is between the dense layers
 */
public record TransformerLayer(
    int heads,
    int hidden,
    Optional<String> memory,
    boolean causal,
    boolean normFirst,
    double keep,
    Layer activation)
    implements Function<LayerSteps, NetworkBuilder> {

  /**
   * @throws IllegalArgumentException if heads, hidden units or the probability are out of range
   */
  public TransformerLayer {
    Objects.requireNonNull(memory);
    Objects.requireNonNull(activation);
    attention(heads, keep);
    linear(hidden);
  }

  private static MultiHeadAttention attention(int heads, double keep) {
    return new MultiHeadAttention(heads).keep(keep);
  }

  private static Dense linear(int units) {
    return new Dense(units).last(true);
  }

  private TransformerLayer(int heads, int hidden, Optional<String> memory) {
    this(heads, hidden, memory, memory.isPresent(), false, 1, new Relu());
  }

  /** Returns an encoder layer that takes all steps, norms last, drops nothing, with a ReLU. */
  public static TransformerLayer encoder(int heads, int hidden) {
    return new TransformerLayer(heads, hidden, Optional.empty());
  }

  /**
   * Returns a decoder layer that takes no steps that come later, norms last, drops nothing, with a
   * ReLU.
   *
   * @param memory the name of a layer or input that it attends to besides
   */
  public static TransformerLayer decoder(int heads, int hidden, String memory) {
    return new TransformerLayer(heads, hidden, Optional.of(memory));
  }

  /** Returns the same layer that takes no steps that come later, or all. */
  public TransformerLayer causal(boolean only) {
    return new TransformerLayer(heads, hidden, memory, only, normFirst, keep, activation);
  }

  /** Returns the same layer with norms before or behind. */
  public TransformerLayer normFirst(boolean first) {
    return new TransformerLayer(heads, hidden, memory, causal, first, keep, activation);
  }

  /** Returns the same layer with another probability to keep. */
  public TransformerLayer keep(double probability) {
    return new TransformerLayer(heads, hidden, memory, causal, normFirst, probability, activation);
  }

  /** Returns the same layer with something else between the dense layers, such as a GELU. */
  public TransformerLayer activation(Layer other) {
    return new TransformerLayer(heads, hidden, memory, causal, normFirst, keep, other);
  }

  /**
   * Adds the layers.
   *
   * @throws org.allclose.tensor.ShapeMismatchException if they cannot take what is there
   * @throws IllegalArgumentException if a setting is out of its range, or there is no such memory
   */
  @Override
  public NetworkBuilder apply(LayerSteps x) {
    MultiHeadAttention attention = attention(heads, keep);
    NetworkBuilder y = part(x, 1, b -> b.layer("self_attn", attention.causal(causal)));
    int width = x.graph().output().axis(x.graph().output().rank() - 1);
    if (memory.isPresent()) {
      String other = memory.get();
      y = part(y, 2, b -> b.layer("multihead_attn", attention, b.graph().end(), other, other));
    }
    return part(y, memory.isPresent() ? 3 : 2, b -> feedForward(b, width));
  }

  private NetworkBuilder feedForward(LayerSteps x, int width) {
    NetworkBuilder y = x.layer("linear1", linear(hidden)).layer("activation", activation);
    return drop(y, "dropout").layer("linear2", linear(width));
  }

  private NetworkBuilder part(
      LayerSteps x, int number, Function<LayerSteps, NetworkBuilder> function) {
    LayerSteps before = normFirst ? norm(x, number) : x;
    NetworkBuilder y = drop(function.apply(before), "dropout" + number);
    y = y.layer("add" + number, new Add(), x.graph().end(), y.graph().end());
    return normFirst ? y : norm(y, number);
  }

  private static NetworkBuilder norm(LayerSteps x, int number) {
    return x.layer("norm" + number, new LayerNorm().axes(1));
  }

  private NetworkBuilder drop(NetworkBuilder x, String name) {
    return keep == 1 ? x : x.layer(name, new Dropout(keep));
  }
}
