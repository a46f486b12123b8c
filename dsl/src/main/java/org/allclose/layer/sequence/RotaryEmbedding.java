package org.allclose.layer.sequence;

import java.util.List;
import org.allclose.internal.ops.Rotation;
import org.allclose.internal.ops.SequenceOps;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Turns pairs of features by angles that grow with the step t: {@code (a * cos - b * sin, b * cos +
 * a * sin)} of the angle {@code t * (1 / base ** (2 * i / d))}.
 *
 * <p>Shapes: x (n, ..., T, d), result as x. Pair i is {@code (x[i], x[i + d / 2])}, or,
 * interleaved, {@code (x[2 * i], x[2 * i + 1])}. The gradient is turned back.
 *
 * <p>Source: the reference's {@code positions.rotary_forward}; Su et al., RoFormer, 2021, which is
 * interleaved, as is GPT-J; GPT-NeoX and Llama in the halves of their features, where {@code x *
 * cos + rotate_half(x) * sin} has the same bits.
 *
 * @param base finite, above 0
 * @param interleaved whether pairs are neighbours, rather than of the two halves
 */
public record RotaryEmbedding(double base, boolean interleaved) implements UnaryLayer {

  /** The base where nothing is said. */
  public static final double DEFAULT_BASE = 10_000;

  /** Whether pairs are neighbours where nothing is said. */
  public static final boolean DEFAULT_INTERLEAVED = false;

  private static final Setting<RotaryEmbedding, Double> BASE =
      Setting.<RotaryEmbedding>number("base", RotaryEmbedding::base)
          .positive()
          .orElse(DEFAULT_BASE)
          .quiet();
  private static final Setting<RotaryEmbedding, Boolean> INTERLEAVED =
      Setting.truth("interleaved", DEFAULT_INTERLEAVED, RotaryEmbedding::interleaved);

  /** What this kind of layer says of itself. */
  public static final Type<RotaryEmbedding> TYPE =
      Type.of(
              "rotaryEmbedding",
              RotaryEmbedding.class,
              v -> new RotaryEmbedding(v.get(BASE), v.get(INTERLEAVED)),
              BASE,
              INTERLEAVED)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new RotaryEmbedding(), 3, 4),
                      Sample.of(new RotaryEmbedding().base(10).interleaved(true), 2, 3, 4)));

  /**
   * @throws IllegalArgumentException if the base is not above 0
   */
  public RotaryEmbedding {
    BASE.check(base);
  }

  /** A layer that turns pairs of the two halves, with the default base. */
  public RotaryEmbedding() {
    this(DEFAULT_BASE, DEFAULT_INTERLEAVED);
  }

  /** Returns the same layer with another base. */
  public RotaryEmbedding base(double number) {
    return TYPE.with(this, BASE, number);
  }

  /** Returns the same layer that turns neighbours, or pairs of the two halves. */
  public RotaryEmbedding interleaved(boolean neighbours) {
    return TYPE.with(this, INTERLEAVED, neighbours);
  }

  @Override
  public Type<RotaryEmbedding> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    AddedRowsPass.requireSequence(input);
    int features = input.axis(input.rank() - 1);
    if (features % 2 != 0) {
      throw new ShapeMismatchException("expected an even number of features but got " + features);
    }
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new RotaryPass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class RotaryPass extends UnaryPass {
    private final LayerContext context;
    private final Rotation rotation;
    private final Tensor out;
    private Tensor dx = Tensor.EMPTY;

    RotaryPass(RotaryEmbedding layer, LayerContext context) {
      this.context = context;
      rotation =
          SequenceOps.of(context.dtype()).rotation(context.input(), layer.base, layer.interleaved);
      out = context.newInputBatch();
    }

    @Override
    public Tensor forward(Tensor x) {
      rotation.forward(x, out);
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = context.newInputBatch();
      }
      rotation.backward(dout, dx);
      return dx;
    }

    @Override
    public Terms terms() {
      return new Terms() {
        @Override
        public Tensor forward(List<Tensor> inputs, Tensor y) {
          return of(inputs.get(0));
        }

        @Override
        public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
          return List.of(of(dout));
        }

        private Tensor of(Tensor x) {
          Tensor sums = Tensor.zeros(x.shape());
          rotation.terms(Terms.magnitudes(x), sums);
          return sums;
        }
      };
    }
  }
}
