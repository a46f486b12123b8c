package org.allclose.layer.sequence;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.allclose.internal.ops.SequenceOps;
import org.allclose.internal.pass.LinearPass;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * A vector for each token, {@code y = W[x]}.
 *
 * <p>Shapes: x (n, ...) tokens from 0 to vocabulary - 1, W (vocabulary, features), result (n, ...,
 * features). Gradient: {@code dW = 0; np.add.at(dW, x, dout)}, one token after another; the rows of
 * the padding token are left out.
 *
 * <p>Source: the reference's {@code embedding_forward} and {@code embedding_backward}; cs231n
 * {@code word_embedding_forward}; PyTorch {@code Embedding} with its {@code padding_idx}.
 *
 * @param vocabulary the number of tokens there are
 * @param features the length of a vector
 * @param padding the token whose vector is not trained, if any
 */
public record Embedding(int vocabulary, int features, Optional<Long> padding)
    implements UnaryLayer {

  private static final Setting<Embedding, Integer> VOCABULARY =
      Setting.<Embedding>integer("vocabulary", Embedding::vocabulary).atLeast(1);
  private static final Setting<Embedding, Integer> FEATURES =
      Setting.<Embedding>integer("features", Embedding::features).atLeast(1);
  private static final Setting<Embedding, Optional<Long>> PADDING =
      Setting.optionalWhole("padding", Embedding::padding);

  /** What this kind of layer says of itself. */
  public static final Type<Embedding> TYPE =
      Type.of(
              "embedding",
              Embedding.class,
              v -> new Embedding(v.get(VOCABULARY), v.get(FEATURES), v.get(PADDING)),
              VOCABULARY,
              FEATURES,
              PADDING)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Embedding(5, 3), 4),
                      Sample.of(new Embedding(4, 2).padding(3), 2, 3)));

  /**
   * @throws IllegalArgumentException if a number is too small, or the padding is no token
   */
  public Embedding {
    VOCABULARY.check(vocabulary);
    FEATURES.check(features);
    int limit = vocabulary;
    PADDING
        .where("a token below " + limit, token -> token.stream().allMatch(t -> t >= 0 && t < limit))
        .check(padding);
  }

  /** A layer whose vectors are all trained. */
  public Embedding(int vocabulary, int features) {
    this(vocabulary, features, Optional.empty());
  }

  /** Returns the same layer that does not train the vector of a token. */
  public Embedding padding(long token) {
    return TYPE.with(this, PADDING, Optional.of(token));
  }

  @Override
  public Type<Embedding> type() {
    return TYPE;
  }

  @Override
  public boolean takesTokens(int input, int inputs) {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    int[] axes = Arrays.copyOf(input.toArray(), input.rank() + 1);
    axes[input.rank()] = features;
    return Shape.of(axes);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of(
        ParameterSpec.weight(
            LinearPass.WEIGHTS, Shape.of(vocabulary, features), AxisRole.TOKEN, AxisRole.FEATURE));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new EmbeddingPass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class EmbeddingPass extends UnaryPass {
    private final Embedding layer;
    private final LayerContext context;
    private final SequenceOps ops;
    private final Tensor w;
    private final Tensor out;
    private Tensor tokens = Tensor.EMPTY;

    EmbeddingPass(Embedding layer, LayerContext context) {
      this.layer = layer;
      this.context = context;
      ops = SequenceOps.of(context.dtype());
      w = context.parameter(LinearPass.WEIGHTS);
      out = context.newBatch(layer.outputShape(context.input()));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tokens.requireBelow(context, "tokens", x, layer.vocabulary);
      tokens = x;
      ops.lookUp(w, x, out);
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      int except = layer.padding.map(Long::intValue).orElse(-1);
      ops.addRows(dout, tokens, except, context.gradient(LinearPass.WEIGHTS));
      return Tensor.EMPTY;
    }

    @Override
    public Terms terms() {
      return Terms.linear(layer, context);
    }

    @Override
    public void release() {
      super.release();
      tokens = Tensor.EMPTY;
    }
  }
}
