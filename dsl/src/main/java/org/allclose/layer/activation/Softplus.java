package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.pass.FunctionPass;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Softplus, {@code y = log(1 + exp(beta * x)) / beta}, computed as {@code (log1p(exp(-|t|)) +
 * max(t, 0)) / beta} with {@code t = beta * x}, and x itself where t is above a threshold.
 *
 * <p>Shapes: x (n, ...), result as x. Nothing overflows, with a threshold or without.
 *
 * <p>Source: the reference's {@code softplus_forward}; PyTorch {@code nn.Softplus}, whose threshold
 * is 20.
 *
 * @param beta how steep it bends, above 0
 * @param threshold where it is replaced by a line; infinity for nowhere
 */
public record Softplus(double beta, double threshold) implements ElementwiseLayer {

  /** How steep it bends where nothing is said. */
  public static final double DEFAULT_BETA = 1;

  private static final Setting<Softplus, Double> BETA =
      Setting.<Softplus>number("beta", Softplus::beta).positive().orElse(DEFAULT_BETA).quiet();
  private static final Setting<Softplus, Double> THRESHOLD =
      Setting.<Softplus>number("threshold", Softplus::threshold)
          .where("a finite number", threshold -> threshold > Double.NEGATIVE_INFINITY)
          .orElse(Double.POSITIVE_INFINITY)
          .quiet();

  /** What this kind of layer says of itself. */
  public static final Type<Softplus> TYPE =
      Type.of(
              "softplus",
              Softplus.class,
              v -> new Softplus(v.get(BETA), v.get(THRESHOLD)),
              BETA,
              THRESHOLD)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Softplus(), 5),
                      Sample.of(new Softplus().beta(1.7).threshold(0.5), 6)));

  /**
   * @throws IllegalArgumentException if beta is not a finite number above 0, or the threshold
   *     -infinity or NaN
   */
  public Softplus {
    BETA.check(beta);
    THRESHOLD.check(threshold);
  }

  /** A layer with {@link #DEFAULT_BETA} and without a threshold. */
  public Softplus() {
    this(DEFAULT_BETA, Double.POSITIVE_INFINITY);
  }

  /** Returns the same layer with another beta. */
  public Softplus beta(double other) {
    return TYPE.with(this, BETA, other);
  }

  /** Returns the same layer with another threshold. */
  public Softplus threshold(double other) {
    return TYPE.with(this, THRESHOLD, other);
  }

  @Override
  public Type<Softplus> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).softplus(beta, threshold)) {
      @Override
      public Pass disturbed(RoundingErrors errors) {
        return threshold < Double.POSITIVE_INFINITY
            ? onPieces(this::slope, x -> beta * slope(x) * (1 - slope(x)))
            : this;
      }

      private double slope(double x) {
        return beta * x > threshold ? 1 : 1 / (1 + Math.exp(-beta * x));
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
