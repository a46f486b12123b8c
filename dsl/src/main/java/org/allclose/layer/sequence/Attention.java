package org.allclose.layer.sequence;

import java.util.List;
import java.util.Optional;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Scaled dot-product attention, {@code softmax(q.dot(k.T) / sqrt(d) + mask).dot(v)}: each step of q
 * takes a mean of the values, weighted by how well it goes with their keys.
 *
 * <p>Shapes: q (n, ..., T, d), k (n, ..., S, d), v (n, ..., S, e), mask (n, ..., T, S) or with some
 * of its last axes, or axes of length 1, result (n, ..., T, e). Products are those of matrices, for
 * each sample and whatever comes before its steps. A mask is added to the scores: -inf where
 * nothing is to be taken.
 *
 * <p>Source: the reference's {@code attention_forward}; Vaswani et al., Attention Is All You Need,
 * 2017; PyTorch {@code scaled_dot_product_attention}.
 *
 * @param causal whether step i takes no step behind i
 * @param scale what the products of q and k are multiplied by; where it is left out, they are
 *     divided by {@code sqrt(d)}
 */
public record Attention(boolean causal, Optional<Double> scale) implements Layer {

  /** Whether a layer is causal where nothing is said. */
  public static final boolean DEFAULT_CAUSAL = false;

  private static final Setting<Attention, Boolean> CAUSAL =
      Setting.truth("causal", DEFAULT_CAUSAL, Attention::causal);
  private static final Setting<Attention, Optional<Double>> SCALE =
      Setting.<Attention>optionalNumber("scale", Attention::scale)
          .where("a finite number", scale -> scale.isEmpty() || Double.isFinite(scale.get()));

  /** What this kind of layer says of itself. */
  public static final Type<Attention> TYPE =
      Type.of(
              "attention",
              Attention.class,
              v -> new Attention(v.get(CAUSAL), v.get(SCALE)),
              CAUSAL,
              SCALE)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(
                          new Attention(), Shape.of(3, 4), Shape.of(2, 4), Shape.of(2, 5)),
                      Sample.ofInputs(
                          new Attention().causal(true).scale(0.3),
                          Shape.of(2, 3, 2),
                          Shape.of(2, 3, 2),
                          Shape.of(2, 3, 2)),
                      Sample.ofInputs(
                          new Attention(),
                          Shape.of(2, 3, 2),
                          Shape.of(2, 2, 2),
                          Shape.of(2, 2, 2),
                          Shape.of(3, 2))));

  /**
   * @throws IllegalArgumentException if the scale is not finite
   */
  public Attention {
    SCALE.check(scale);
  }

  /** A layer that takes all steps, and divides by the root of the number of features. */
  public Attention() {
    this(DEFAULT_CAUSAL, Optional.empty());
  }

  /** Returns the same layer that takes no steps that come later, or all. */
  public Attention causal(boolean only) {
    return TYPE.with(this, CAUSAL, only);
  }

  /** Returns the same layer that multiplies the products of q and k by a factor. */
  public Attention scale(double factor) {
    return TYPE.with(this, SCALE, Optional.of(factor));
  }

  @Override
  public Type<Attention> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    if (inputs.size() != 3 && inputs.size() != 4) {
      throw new ShapeMismatchException(
          "expected 3 inputs, q, k and v, or a mask besides, but got " + inputs.size());
    }
    Shape q = inputs.get(0);
    Shape k = inputs.get(1);
    Shape v = inputs.get(2);
    int last = q.rank() - 1;
    boolean fits =
        last >= 1
            && k.rank() == q.rank()
            && v.rank() == q.rank()
            && k.axis(last) == q.axis(last)
            && v.axis(last - 1) == k.axis(last - 1);
    for (int axis = 0; fits && axis < last - 1; axis++) {
      fits = k.axis(axis) == q.axis(axis) && v.axis(axis) == q.axis(axis);
    }
    if (!fits) {
      throw new ShapeMismatchException(
          "expected q (..., T, d), k (..., S, d) and v (..., S, e) but got "
              + inputs.subList(0, 3));
    }
    if (inputs.size() == 4) {
      Attending.requireMask(inputs.get(3), scores(inputs));
    }
    return q.withLast(v.axis(last));
  }

  private static Shape scores(List<Shape> inputs) {
    Shape q = inputs.get(0);
    return q.withLast(inputs.get(1).axis(q.rank() - 2));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new AttentionPass(
        context, new AttentionPass.Setup(1, causal, scale, 1), scores(context.inputs()));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
