package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.ops.PixelOps;
import org.allclose.internal.pass.GlobalWindows;
import org.allclose.layer.LayerContext;
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
 * Local response normalization: {@code y[c] = x[c] / (k + alpha * mean) ** beta}, the mean being
 * that of the squares of x in {@code size} channels around c, of which those that do not exist are
 * 0 and count.
 *
 * <p>Shapes: x (n, C, ...), result likewise. The channels are {@code c - size / 2} to {@code c +
 * (size - 1) / 2}; their squares are added up from the first to the last.
 *
 * <p>Source: the reference's {@code local_response_norm_forward}; PyTorch {@code
 * LocalResponseNorm}; Krizhevsky et al. 2012, section 3.3, where alpha is not divided by the size.
 *
 * @param size channels of a window
 * @param alpha how much the mean of squares counts
 * @param beta the power
 * @param k what is added
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k)
    implements UnaryLayer {

  /** The factor of the mean of squares where nothing is said. */
  public static final double DEFAULT_ALPHA = 1e-4;

  /** The power where nothing is said. */
  public static final double DEFAULT_BETA = 0.75;

  /** What is added where nothing is said. */
  public static final double DEFAULT_K = 1;

  private static final Setting<LocalResponseNorm, Integer> SIZE =
      Setting.<LocalResponseNorm>integer("size", LocalResponseNorm::size).atLeast(1).bare();
  private static final Setting<LocalResponseNorm, Double> ALPHA =
      Setting.<LocalResponseNorm>number("alpha", LocalResponseNorm::alpha)
          .notNegative()
          .orElse(DEFAULT_ALPHA);
  private static final Setting<LocalResponseNorm, Double> BETA =
      Setting.<LocalResponseNorm>number("beta", LocalResponseNorm::beta)
          .finite()
          .orElse(DEFAULT_BETA);
  private static final Setting<LocalResponseNorm, Double> K =
      Setting.<LocalResponseNorm>number("k", LocalResponseNorm::k).notNegative().orElse(DEFAULT_K);

  /** What this kind of layer says of itself. */
  public static final Type<LocalResponseNorm> TYPE =
      Type.of(
              "localResponseNorm",
              LocalResponseNorm.class,
              v -> new LocalResponseNorm(v.get(SIZE), v.get(ALPHA), v.get(BETA), v.get(K)),
              SIZE,
              ALPHA,
              BETA,
              K)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new LocalResponseNorm(3).alpha(0.5), 4, 2, 3),
                      Sample.of(new LocalResponseNorm(4).alpha(0.3).beta(0.5).k(2), 5, 3),
                      Sample.of(new LocalResponseNorm(5), 2, 2, 2)));

  /**
   * @throws IllegalArgumentException if the size is not at least 1, or alpha or k negative, or a
   *     number not finite
   */
  public LocalResponseNorm {
    SIZE.check(size);
    ALPHA.check(alpha);
    BETA.check(beta);
    K.check(k);
  }

  /** A layer with windows of some channels and the defaults. */
  public LocalResponseNorm(int size) {
    this(size, DEFAULT_ALPHA, DEFAULT_BETA, DEFAULT_K);
  }

  /** Returns the same layer with another factor of the mean of squares. */
  public LocalResponseNorm alpha(double factor) {
    return TYPE.with(this, ALPHA, factor);
  }

  /** Returns the same layer with another power. */
  public LocalResponseNorm beta(double power) {
    return TYPE.with(this, BETA, power);
  }

  /** Returns the same layer that adds another number. */
  public LocalResponseNorm k(double addend) {
    return TYPE.with(this, K, addend);
  }

  @Override
  public Type<LocalResponseNorm> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    GlobalWindows.channelsOf(input);
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new NormPass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class NormPass extends UnaryPass {
    private final LocalResponseNorm layer;
    private final LayerContext context;
    private final PixelOps.ResponseNorm norm;
    private final Tensor out;
    private Tensor input = Tensor.EMPTY;
    private Tensor dx = Tensor.EMPTY;

    NormPass(LocalResponseNorm layer, LayerContext context) {
      this.layer = layer;
      this.context = context;
      out = context.newInputBatch();
      norm =
          PixelOps.of(context.dtype())
              .responseNorm(out, layer.size, layer.alpha, layer.beta, layer.k);
    }

    @Override
    public Tensor forward(Tensor x) {
      input = x;
      norm.forward(x, out);
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = context.newInputBatch();
      }
      norm.gradient(dout, input, out, dx);
      return dx;
    }

    @Override
    public void release() {
      super.release();
      input = Tensor.EMPTY;
    }

    /** Squares do not cancel, so that the power alone magnifies their rounding. */
    @Override
    public Terms terms() {
      return new Terms() {
        @Override
        public Tensor forward(List<Tensor> inputs, Tensor y) {
          return Terms.magnitudes(y).map(v -> v * (1 + Math.abs(layer.beta)));
        }

        @Override
        public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
          Tensor terms = context.newInputBatch();
          norm.gradientTerms(dout, input, out, terms);
          return List.of(terms.map(v -> v * (1 + Math.abs(layer.beta))));
        }
      };
    }
  }
}
