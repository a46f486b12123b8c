package org.allclose.layer.sequence;

import java.util.List;
import org.allclose.internal.ops.SequenceOps;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Adds sines and cosines that tell the steps apart: {@code y = x + P}, {@code P[t, j] = sin(t *
 * base ** (-j / D))} in even columns j, and {@code cos} of the same in the column behind.
 *
 * <p>Shapes: x (n, ..., T, D), result as x. Gradient: dout. What cs231n's module drops afterwards
 * is for a dropout layer behind.
 *
 * <p>Source: the reference's {@code positions.encoding_forward}; cs231n {@code PositionalEncoding};
 * Vaswani et al., Attention Is All You Need, 2017.
 *
 * @param base finite, above 0
 */
public record PositionalEncoding(double base) implements UnaryLayer {

  /** The base where nothing is said. */
  public static final double DEFAULT_BASE = 10_000;

  private static final Setting<PositionalEncoding, Double> BASE =
      Setting.<PositionalEncoding>number("base", PositionalEncoding::base)
          .positive()
          .orElse(DEFAULT_BASE)
          .quiet();

  /** What this kind of layer says of itself. */
  public static final Type<PositionalEncoding> TYPE =
      Type.of(
              "positionalEncoding",
              PositionalEncoding.class,
              v -> new PositionalEncoding(v.get(BASE)),
              BASE)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new PositionalEncoding(), 3, 4),
                      Sample.of(new PositionalEncoding(10), 2, 3, 5)));

  /**
   * @throws IllegalArgumentException if the base is not above 0
   */
  public PositionalEncoding {
    BASE.check(base);
  }

  /** A layer with the default base. */
  public PositionalEncoding() {
    this(DEFAULT_BASE);
  }

  /** Returns the same layer with another base. */
  public PositionalEncoding base(double number) {
    return TYPE.with(this, BASE, number);
  }

  @Override
  public Type<PositionalEncoding> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return AddedRowsPass.requireSequence(input);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new EncodingPass(context, base);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class EncodingPass extends AddedRowsPass {
    private final double base;
    private final Tensor table;

    EncodingPass(LayerContext context, double base) {
      super(context);
      this.base = base;
      table = newRows();
      SequenceOps.of(context.dtype()).positions(base, table);
    }

    @Override
    Tensor rows() {
      return table;
    }

    @Override
    public Terms terms() {
      return new Terms() {
        @Override
        public Tensor forward(List<Tensor> inputs, Tensor y) {
          Tensor rows = newRows();
          SequenceOps.of(context.dtype()).termsOfPositions(base, rows);
          Tensor sums = Tensor.zeros(y.shape());
          add(Terms.magnitudes(inputs.get(0)), rows, sums);
          return sums;
        }

        @Override
        public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
          return List.of(Terms.magnitudes(dout));
        }
      };
    }
  }
}
