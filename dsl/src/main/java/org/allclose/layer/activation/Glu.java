package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
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
 * Gated linear unit, {@code y = a * sigmoid(b)}, a and b being the halves of x along an axis.
 *
 * <p>Shapes: x (n, ..., 2 k, ...), result (n, ..., k, ...).
 *
 * <p>Source: Dauphin and others, Language Modeling with Gated Convolutional Networks, 2017; the
 * reference's {@code glu_forward}; PyTorch {@code nn.GLU}.
 *
 * @param axis the axis of a sample that is halved, from 0, or from -1 backwards
 */
public record Glu(int axis) implements UnaryLayer {

  /** The axis that is halved where nothing is said: the last one. */
  public static final int DEFAULT_AXIS = -1;

  private static final Setting<Glu, Integer> AXIS =
      Setting.<Glu>integer("axis", Glu::axis).orElse(DEFAULT_AXIS);

  /** What this kind of layer says of itself. */
  public static final Type<Glu> TYPE =
      Type.of("glu", Glu.class, v -> new Glu(v.get(AXIS)), AXIS)
          .withSamples(() -> List.of(Sample.of(new Glu(), 6), Sample.of(new Glu(0), 4, 3)));

  /** A layer that halves the last axis. */
  public Glu() {
    this(DEFAULT_AXIS);
  }

  @Override
  public Type<Glu> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    int halved = halved(input);
    int[] axes = input.toArray();
    if (axes[halved] % 2 != 0) {
      throw new ShapeMismatchException(
          "expected an even length of axis " + axis + " but got input of shape " + input);
    }
    axes[halved] /= 2;
    return Shape.of(axes);
  }

  private int halved(Shape input) {
    int halved = axis < 0 ? axis + input.rank() : axis;
    if (halved < 0 || halved >= input.rank()) {
      throw new ShapeMismatchException(
          "expected an axis from "
              + -input.rank()
              + " to "
              + (input.rank() - 1)
              + " but got "
              + axis);
    }
    return halved;
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape output = outputShape(context.input());
    int half = 1;
    for (int i = halved(output); i < output.rank(); i++) {
      half *= output.axis(i);
    }
    return new GluPass(context, output, half);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class GluPass extends UnaryPass {
    private final LayerContext context;
    private final FunctionOps ops;
    private final int half;
    private final Tensor out;
    private Tensor input = Tensor.EMPTY;
    private Tensor dx = Tensor.EMPTY;

    GluPass(LayerContext context, Shape output, int half) {
      this.context = context;
      ops = FunctionOps.of(context.dtype());
      this.half = half;
      out = context.newBatch(output);
    }

    @Override
    public Tensor forward(Tensor x) {
      input = x;
      ops.glu(x, half, out);
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = context.newInputBatch();
      }
      ops.gluGradient(dout, input, half, dx);
      return dx;
    }

    /** In the gradient of b, {@code dout * a * s * (1 - s)}, the last factor cancels. */
    @Override
    public Terms terms() {
      return new Terms() {
        @Override
        public Tensor forward(List<Tensor> inputs, Tensor y) {
          return Terms.magnitudes(y);
        }

        @Override
        public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
          Tensor sums = Terms.magnitudes(gradients.get(0));
          double[] x = input.unwrap();
          for (int i = 0; i < dout.size(); i++) {
            int a = i + i / half * half;
            double s = 1 / (1 + Math.exp(-x[a + half]));
            sums.unwrap()[a + half] = Math.abs(dout.unwrap()[i] * x[a]) * s * (1 + s);
          }
          return List.of(sums);
        }
      };
    }

    @Override
    public void release() {
      super.release();
      input = Tensor.EMPTY;
    }
  }
}
