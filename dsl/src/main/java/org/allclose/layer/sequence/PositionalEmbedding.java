package org.allclose.layer.sequence;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.allclose.internal.ops.BroadcastingOps;
import org.allclose.internal.pass.LinearPass;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Adds a learnt vector to each step, {@code y = x + W[:T]}.
 *
 * <p>Shapes: x (n, ..., T, D), W (positions, D), result as x. Gradients: dout, and {@code dW[:T] =
 * np.sum(dout, axis)} over all axes but the last two, 0 in rows that are not added.
 *
 * <p>Source: the reference's {@code positions.embedding_forward}; an {@code Embedding} of {@code
 * arange(T)} that is added, as in GPT, BERT and ViT.
 *
 * @param positions how many steps there are vectors for, at least those of the input; where it is
 *     left out, as many
 */
public record PositionalEmbedding(Optional<Long> positions) implements UnaryLayer {

  private static final Setting<PositionalEmbedding, Optional<Long>> POSITIONS =
      Setting.<PositionalEmbedding>optionalWhole("positions", PositionalEmbedding::positions)
          .where(
              "from 1 to " + Integer.MAX_VALUE,
              number -> number.stream().allMatch(n -> n >= 1 && n <= Integer.MAX_VALUE));

  /** What this kind of layer says of itself. */
  public static final Type<PositionalEmbedding> TYPE =
      Type.of(
              "positionalEmbedding",
              PositionalEmbedding.class,
              v -> new PositionalEmbedding(v.get(POSITIONS)),
              POSITIONS)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new PositionalEmbedding(), 3, 4),
                      Sample.of(new PositionalEmbedding().positions(5), 2, 3, 2)));

  /**
   * @throws IllegalArgumentException if there is not at least one position
   */
  public PositionalEmbedding {
    POSITIONS.check(positions);
  }

  /** A layer with a vector for each step of its input. */
  public PositionalEmbedding() {
    this(Optional.empty());
  }

  /** Returns the same layer with vectors for so many steps. */
  public PositionalEmbedding positions(long number) {
    return TYPE.with(this, POSITIONS, Optional.of(number));
  }

  @Override
  public Type<PositionalEmbedding> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    int steps = AddedRowsPass.requireSequence(input).axis(input.rank() - 2);
    if (steps > rows(input)) {
      throw new ShapeMismatchException(
          "expected at most " + rows(input) + " steps but got " + steps);
    }
    return input;
  }

  private int rows(Shape input) {
    return positions.map(Long::intValue).orElse(input.axis(input.rank() - 2));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of(
        ParameterSpec.weight(
            LinearPass.WEIGHTS,
            Shape.of(rows(input), input.axis(input.rank() - 1)),
            AxisRole.TOKEN,
            AxisRole.FEATURE));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new EmbeddedPass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class EmbeddedPass extends AddedRowsPass {
    private final PositionalEmbedding layer;
    private final Tensor w;
    private final BroadcastingOps.AxesSum sum;

    /** The first rows of W, and their gradient, where there are more. */
    private final Tensor first;

    EmbeddedPass(PositionalEmbedding layer, LayerContext context) {
      super(context);
      this.layer = layer;
      w = context.parameter(LinearPass.WEIGHTS);
      first = w.shape().equals(rowsShape()) ? Tensor.EMPTY : newRows();
      Shape batch = context.input().prepend(context.batch());
      sum =
          BroadcastingOps.of(context.dtype())
              .sum(batch, IntStream.range(0, batch.rank() - 2).toArray());
    }

    @Override
    Tensor rows() {
      if (first.size() == 0) {
        return w;
      }
      System.arraycopy(w.unwrap(), 0, first.unwrap(), 0, first.size());
      return first;
    }

    @Override
    public Tensor backward(Tensor dout) {
      Tensor gradient = context.gradient(LinearPass.WEIGHTS);
      if (first.size() == 0) {
        sum.run(dout, gradient);
      } else {
        sum.run(dout, first);
        System.arraycopy(first.unwrap(), 0, gradient.unwrap(), 0, first.size());
      }
      return dout;
    }

    @Override
    public Terms terms() {
      return Terms.linear(layer, context);
    }
  }
}
