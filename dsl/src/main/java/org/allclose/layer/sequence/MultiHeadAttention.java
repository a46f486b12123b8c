package org.allclose.layer.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.allclose.internal.pass.LinearPass;
import org.allclose.layer.AxisRole;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Attention of several heads: scaled dot-product attention of parts of {@code x.dot(Wq) + bq},
 * {@code x.dot(Wk) + bk} and {@code x.dot(Wv) + bv}, its results side by side, {@code .dot(Wo) +
 * bo}.
 *
 * <p>Inputs: x (n, T, E), or q (n, T, E), k (n, S, D) and v (n, S, F), and perhaps a mask behind
 * them, (n, heads, T, S) or with some of its last axes, or axes of length 1, which is added to the
 * scores. Parameters: Wq (E, E), Wk (D, E), Wv (F, E), Wo (E, E), their biases (E). Result (n, T,
 * E). A head has E / heads features. In training mode weights are kept with the given probability:
 * {@code weights * ((rand(n, heads, T, S) < keep) / keep)}. The gradient of the one input is {@code
 * (dv + dk) + dq}.
 *
 * <p>Source: the reference's {@code multi_head_forward}; cs231n {@code MultiHeadAttention}; Vaswani
 * et al., Attention Is All You Need, 2017.
 *
 * @param heads how many parts the features have
 * @param causal whether step i takes no step behind i
 * @param bias whether biases are added
 * @param keep the probability to keep a weight in training, above 0 and at most 1; nothing is drawn
 *     if it is 1
 */
public record MultiHeadAttention(int heads, boolean causal, boolean bias, double keep)
    implements Layer {

  /** Whether a layer is causal where nothing is said. */
  public static final boolean DEFAULT_CAUSAL = false;

  /** Whether a layer has biases where nothing is said. */
  public static final boolean DEFAULT_BIAS = true;

  /** The probability to keep a weight where nothing is said. */
  public static final double DEFAULT_KEEP = 1.0;

  private static final List<String> PARTS = List.of("q", "k", "v");
  private static final String OUTPUT = "o";

  private static final Setting<MultiHeadAttention, Integer> HEADS =
      Setting.integer("heads", MultiHeadAttention::heads).atLeast(1).bare();
  private static final Setting<MultiHeadAttention, Boolean> CAUSAL =
      Setting.truth("causal", DEFAULT_CAUSAL, MultiHeadAttention::causal);
  private static final Setting<MultiHeadAttention, Boolean> BIAS =
      Setting.truth("bias", DEFAULT_BIAS, MultiHeadAttention::bias);
  private static final Setting<MultiHeadAttention, Double> KEEP =
      Setting.<MultiHeadAttention>number("keep", MultiHeadAttention::keep)
          .where("a probability above 0 and at most 1", keep -> keep > 0 && keep <= 1)
          .orElse(DEFAULT_KEEP)
          .quiet();

  /** What this kind of layer says of itself. */
  public static final Type<MultiHeadAttention> TYPE =
      Type.of(
              "multiHeadAttention",
              MultiHeadAttention.class,
              v -> new MultiHeadAttention(v.get(HEADS), v.get(CAUSAL), v.get(BIAS), v.get(KEEP)),
              HEADS,
              CAUSAL,
              BIAS,
              KEEP)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(
                          new MultiHeadAttention(2).keep(0.7).bias(false), Shape.of(3, 4)),
                      Sample.ofInputs(
                          new MultiHeadAttention(2).causal(true).bias(false),
                          Shape.of(3, 4),
                          Shape.of(3, 3)),
                      Sample.ofInputs(
                          new MultiHeadAttention(1),
                          Shape.of(2, 2),
                          Shape.of(3, 4),
                          Shape.of(3, 1))));

  /**
   * @throws IllegalArgumentException if there is not at least one head, or keep is not a
   *     probability above 0
   */
  public MultiHeadAttention {
    HEADS.check(heads);
    KEEP.check(keep);
  }

  /** A layer of so many heads with biases, which takes all steps and keeps all weights. */
  public MultiHeadAttention(int heads) {
    this(heads, DEFAULT_CAUSAL, DEFAULT_BIAS, DEFAULT_KEEP);
  }

  /** Returns the same layer that takes no steps that come later, or all. */
  public MultiHeadAttention causal(boolean only) {
    return TYPE.with(this, CAUSAL, only);
  }

  /** Returns the same layer with or without biases. */
  public MultiHeadAttention bias(boolean present) {
    return TYPE.with(this, BIAS, present);
  }

  /** Returns the same layer that keeps weights with the given probability. */
  public MultiHeadAttention keep(double probability) {
    return TYPE.with(this, KEEP, probability);
  }

  @Override
  public Type<MultiHeadAttention> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    if (inputs.isEmpty() || inputs.size() > 4) {
      throw new ShapeMismatchException(
          "expected x, or q, k and v, or a mask besides, but got " + inputs.size() + " inputs");
    }
    List<Shape> three = Attending.three(inputs);
    three.forEach(input -> Attending.requireSequence(input, 2));
    Shape q = three.get(0);
    if (three.get(1).axis(0) != three.get(2).axis(0)) {
      throw new ShapeMismatchException(
          "expected keys and values of as many steps but got " + three.subList(1, 3));
    }
    if (q.axis(1) % heads != 0) {
      throw new ShapeMismatchException(
          "expected heads that divide the " + q.axis(1) + " features but got " + heads);
    }
    if (inputs.size() % 2 == 0) {
      Attending.requireMask(inputs.get(inputs.size() - 1), scores(three));
    }
    return q;
  }

  private Shape scores(List<Shape> three) {
    return Shape.of(heads, three.get(0).axis(0), three.get(1).axis(0));
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    List<Shape> three = Attending.three(inputs);
    int features = three.get(0).axis(1);
    List<ParameterSpec> all = new ArrayList<>();
    for (int i = 0; i < PARTS.size(); i++) {
      add(all, PARTS.get(i), three.get(i).axis(1), features);
    }
    add(all, OUTPUT, features, features);
    return all;
  }

  private void add(List<ParameterSpec> all, String part, int in, int out) {
    all.add(
        ParameterSpec.weight(
            LinearPass.WEIGHTS + part, Shape.of(in, out), AxisRole.IN, AxisRole.OUT));
    if (bias) {
      all.add(ParameterSpec.bias(LinearPass.BIAS + part, Shape.of(out), AxisRole.OUT));
    }
  }

  @Override
  public Pass pass(LayerContext context) {
    List<Shape> three = Attending.three(context.inputs());
    int features = three.get(0).axis(1);
    List<Pass> projections = new ArrayList<>();
    List<Shape> projected = new ArrayList<>();
    for (int i = 0; i < PARTS.size(); i++) {
      Shape out = three.get(i).withLast(features);
      projections.add(affine(context, PARTS.get(i), three.get(i), out));
      projected.add(out);
    }
    boolean hasMask = context.inputs().size() % 2 == 0;
    if (hasMask) {
      projected.add(context.inputs().get(context.inputs().size() - 1));
    }
    AttentionPass.Setup setup = new AttentionPass.Setup(heads, causal, Optional.empty(), keep);
    Pass attention = new AttentionPass(context.part("", projected), setup, scores(three));
    Pass output = affine(context, OUTPUT, three.get(0), three.get(0));
    return new MultiHeadPass(context, projections, attention, output);
  }

  private Pass affine(LayerContext context, String part, Shape in, Shape out) {
    return LinearPass.affine(context.part(part, List.of(in)), in.axis(0), out, bias, false);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
