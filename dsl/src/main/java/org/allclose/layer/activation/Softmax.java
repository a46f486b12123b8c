package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.Ops;
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
 * Softmax, {@code y = exp(x - max) / sum(exp(x - max))} over an axis of a sample: a head that turns
 * scores into probabilities, or weights of attention. The softmax loss takes scores and not these.
 *
 * <p>Shapes: x (n, ...), result as x; the last axis is (n, C)'s classes.
 *
 * <p>Source: the reference's {@code softmax_forward}.
 *
 * @param axis an axis of a sample, without the batch; a negative one is counted from the end
 */
public record Softmax(int axis) implements UnaryLayer {

  /** The axis where nothing is said: the last one. */
  public static final int DEFAULT_AXIS = -1;

  private static final Setting<Softmax, Integer> AXIS =
      Setting.integer("axis", Softmax::axis).orElse(DEFAULT_AXIS).quiet();

  /** What this kind of layer says of itself. */
  public static final Type<Softmax> TYPE =
      Type.of("softmax", Softmax.class, v -> new Softmax(v.get(AXIS)), AXIS)
          .withSamples(() -> List.of(Sample.of(new Softmax(), 5), Sample.of(new Softmax(0), 3, 2)));

  /** A layer over the last axis. */
  public Softmax() {
    this(DEFAULT_AXIS);
  }

  @Override
  public Type<Softmax> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    SampleAxes.resolve(axis, input);
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    Ops probabilities = Ops.of(context.dtype(), context.threads());
    return new AxisPass(context, axis) {
      private Tensor products = Tensor.EMPTY;

      @Override
      void compute(Tensor x, Tensor y) {
        probabilities.softmax(x, y);
      }

      @Override
      void computeGradient(Tensor dout, Tensor y, Tensor dx) {
        if (products.size() == 0) {
          products = Tensor.zeros(y.shape());
        }
        probabilities.softmaxGradient(dout, y, products, dx);
      }

      @Override
      Terms rowTerms(int columns) {
        return new SoftmaxTerms(columns);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
