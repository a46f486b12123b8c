package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.pass.SampleAxes;
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
 * The logarithm of {@link Softmax}, {@code y = d - log(sum(exp(d)))} with {@code d = x - max}, over
 * an axis of a sample.
 *
 * <p>Shapes: x (n, ...), result as x. Gradient: {@code dout - exp(y) * sum(dout)}.
 *
 * <p>Source: the reference's {@code log_softmax_forward}.
 *
 * @param axis an axis of a sample, without the batch; a negative one is counted from the end
 */
public record LogSoftmax(int axis) implements UnaryLayer {

  /** The axis where nothing is said: the last one. */
  public static final int DEFAULT_AXIS = -1;

  private static final Setting<LogSoftmax, Integer> AXIS =
      Setting.integer("axis", LogSoftmax::axis).orElse(DEFAULT_AXIS).quiet();

  /** What this kind of layer says of itself. */
  public static final Type<LogSoftmax> TYPE =
      Type.of("logSoftmax", LogSoftmax.class, v -> new LogSoftmax(v.get(AXIS)), AXIS)
          .withSamples(
              () -> List.of(Sample.of(new LogSoftmax(), 5), Sample.of(new LogSoftmax(0), 3, 2)));

  /** A layer over the last axis. */
  public LogSoftmax() {
    this(DEFAULT_AXIS);
  }

  @Override
  public Type<LogSoftmax> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    SampleAxes.resolve(axis, input);
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new AxisPass(context, axis) {
      private Tensor sums = Tensor.EMPTY;

      @Override
      void compute(Tensor x, Tensor y) {
        ops().logSoftmax(x, y);
      }

      @Override
      void computeGradient(Tensor dout, Tensor y, Tensor dx) {
        if (sums.size() == 0) {
          sums = Tensor.zeros(y.shape().axis(0));
        }
        ops().logSoftmaxGradient(dout, y, sums, dx);
      }

      @Override
      Terms rowTerms(int columns) {
        return new LogSoftmaxTerms(columns);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
