package org.allclose.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.layer.activation.Elu;
import org.allclose.layer.activation.Gelu;
import org.allclose.layer.activation.GeluTanh;
import org.allclose.layer.activation.LeakyRelu;
import org.allclose.layer.activation.Relu;
import org.allclose.layer.activation.Sigmoid;
import org.allclose.layer.activation.Softmax;
import org.allclose.layer.activation.Tanh;
import org.allclose.layer.combine.Add;
import org.allclose.layer.combine.Flatten;
import org.allclose.layer.combine.Reshape;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.image.AveragePool2d;
import org.allclose.layer.image.Conv2d;
import org.allclose.layer.image.MaxPool2d;
import org.allclose.layer.norm.BatchNorm;
import org.allclose.layer.norm.LayerNorm;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Sums of the magnitudes of terms; expected ones are worked out by hand from the formulas. */
class TermsTest {

  /** A layer that has run forward and backward once. */
  private static final class Ran {
    final LayerContext binding;
    final Terms terms;
    final Tensor dout;
    final double[] forward;
    final double[] backward;

    Ran(Layer layer, Tensor x, double[] upstream, Map<String, Tensor> parameters) {
      List<Shape> sample = List.of(x.shape().dropFirst());
      binding =
          LayerContext.of(x.shape().axis(0), Mode.TRAINING, Optional.empty(), 1, parameters)
              .of(new Node("l", layer, List.of("x"), sample, layer.outputShape(sample)));
      Pass pass = layer.pass(binding);
      terms = pass.terms();
      Tensor y = pass.forward(List.of(x));
      forward = terms.forward(List.of(x), y).toArray();
      dout = Tensor.of(y.shape(), upstream);
      backward = terms.backward(dout, pass.backwardToInputs(dout)).get(0).toArray();
    }

    double[] gradient(String parameter) {
      return terms.gradient(parameter, binding.gradient(parameter)).toArray();
    }

    double[] update(String statistic) {
      return terms.update(statistic, binding.update(statistic)).toArray();
    }
  }

  private static Ran run(Layer layer, Tensor x, double... upstream) {
    return new Ran(layer, x, upstream, Map.of());
  }

  private static double[] of(double... values) {
    return values;
  }

  /** {@code |x||W| + |b|}, {@code |dout||W|.T}, {@code |x|.T|dout|}, {@code sum(|dout|)}. */
  @Test
  void dense_isItselfOnMagnitudes() {
    Map<String, Tensor> parameters =
        Map.of(
            "l/W", Tensor.matrix(of(3, -1), of(0.5, 2)),
            "l/b", Tensor.vector(-1, 4));
    Ran ran = new Ran(new Dense(2), Tensor.matrix(of(1, -2)), of(1, -3), parameters);
    assertArrayEquals(of(5, 9), ran.forward);
    assertArrayEquals(of(6, 6.5), ran.backward);
    assertArrayEquals(of(1, 3, 2, 6), ran.gradient("W"));
    assertArrayEquals(of(1, 3), ran.gradient("b"));
  }

  @Test
  void convolution_isItselfOnMagnitudes() {
    Map<String, Tensor> parameters =
        Map.of("l/W", Tensor.of(Shape.of(1, 1, 2, 2), 1, 1, -1, 2), "l/b", Tensor.vector(-5));
    Tensor x = Tensor.of(Shape.of(1, 1, 2, 2), 1, -2, 3, -4);
    Ran ran = new Ran(new Conv2d(1).kernel(2), x, of(-3), parameters);
    assertArrayEquals(of(19), ran.forward);
    assertArrayEquals(of(3, 3, 3, 6), ran.backward);
    assertArrayEquals(of(3, 6, 9, 12), ran.gradient("W"));
    assertArrayEquals(of(3), ran.gradient("b"));
  }

  @Test
  void pools_addMagnitudes() {
    Tensor x = Tensor.of(Shape.of(1, 1, 2, 2), 1, -2, 3, -4);
    Ran mean = run(new AveragePool2d(Extent2d.of(2)), x, -2);
    assertArrayEquals(of(2.5), mean.forward);
    assertArrayEquals(of(0.5, 0.5, 0.5, 0.5), mean.backward);
    // The middle is the largest of all four windows, whose gradients cancel.
    Tensor hill = Tensor.of(Shape.of(1, 1, 3, 3), 0, 0, 0, 0, 9, 0, 0, 0, 0);
    Ran max = run(new MaxPool2d(Extent2d.of(2)).stride(1), hill, 1, -1, 1, -1);
    assertArrayEquals(of(9, 9, 9, 9), max.forward);
    assertArrayEquals(of(0, 0, 0, 0, 4, 0, 0, 0, 0), max.backward);
  }

  @Test
  void whatIsMovedOrScaled_hasItsOwnMagnitude() {
    Tensor x = Tensor.matrix(of(2, -3));
    assertArrayEquals(of(2, 0), run(new Relu(), x, -5, 5).forward);
    assertArrayEquals(of(5, 0), run(new Relu(), x, -5, 5).backward);
    assertArrayEquals(of(2, 1.5), run(new LeakyRelu(0.5), x, 1, 1).forward);
    assertArrayEquals(of(1, 0.5), run(new LeakyRelu(0.5), x, -1, -1).backward);
    assertArrayEquals(of(2, 3), run(new Reshape(Shape.of(2, 1)), x, 1, 1).forward);
    assertArrayEquals(of(2, 3), run(new Flatten(), x, 1, 1).forward);
  }

  @Test
  void activations_haveTheTermsOfTheirFormulas() {
    Tensor zero = Tensor.matrix(of(0));
    assertArrayEquals(of(0.5), run(new Sigmoid(), zero, -2).forward);
    assertArrayEquals(of(2 * 0.5 * 1.5), run(new Sigmoid(), zero, -2).backward);
    assertArrayEquals(of(0), run(new Tanh(), zero, -2).forward);
    assertArrayEquals(of(2), run(new Tanh(), zero, -2).backward);
    Tensor low = Tensor.matrix(of(-50));
    assertArrayEquals(of(2), run(new Tanh(), low, 1).backward);
    assertArrayEquals(of(3), run(new Elu(3), low, 1).forward);
    assertArrayEquals(of(6), run(new Elu(3), low, 1).backward);
    assertArrayEquals(of(50), run(new Gelu(), low, 1).forward);
    assertArrayEquals(of(1), run(new Gelu(), low, 1).backward);
    assertArrayEquals(of(50), run(new GeluTanh(), low, 1).forward);
    assertEquals(
        1 + 50 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * 2500),
        run(new GeluTanh(), low, 1).backward[0],
        1e-9);
  }

  /** Of two classes, p = 0.5 each, e = 2; sums of {@code dout * p} are 1 and 0. */
  @Test
  void softmax_hasThoseOfExponentialsAndTheirSum() {
    Tensor equal = Tensor.matrix(of(7, 7));
    assertArrayEquals(of(1, 1), run(new Softmax(), equal, 1, 1).forward);
    assertArrayEquals(of(1.5, 1.5), run(new Softmax(), equal, 1, 1).backward);
    assertArrayEquals(of(2.5, 2.5), run(new Softmax(), equal, 1, -1).backward);
  }

  /** With epsilon 3 the deviation of 1 and 3 is 2, and the normalized values are -0.5 and 0.5. */
  @Test
  void normalization_hasThoseOfTheDifferenceToTheMean() {
    Map<String, Tensor> parameters =
        Map.of("l/gamma", Tensor.vector(2, 2), "l/beta", Tensor.vector(-1, -1));
    Ran ran = new Ran(new LayerNorm(3), Tensor.matrix(of(1, 3)), of(1, -1), parameters);
    assertArrayEquals(of(4, 6), ran.forward);
    assertArrayEquals(of(1.25, 1.25), ran.backward);
    assertArrayEquals(of(0.5, 0.5), ran.gradient("gamma"));
    assertArrayEquals(of(1, 1), ran.gradient("beta"));
  }

  /** Means of |x| are 2, of {@code |x - mean| * (|x| + |mean|)} they are 1 * (3 + 5) / 2. */
  @Test
  void statistics_haveThoseOfBothAddends() {
    Map<String, Tensor> parameters =
        Map.of(
            "l/gamma", Tensor.vector(1),
            "l/beta", Tensor.vector(0),
            "l/runningMean", Tensor.vector(-8),
            "l/runningVariance", Tensor.vector(4));
    BatchNorm layer = new BatchNorm().momentum(0.5);
    Ran ran = new Ran(layer, Tensor.matrix(of(1), of(3)), of(1, -1), parameters);
    assertArrayEquals(of(5), ran.update("runningMean"));
    assertArrayEquals(of(4), ran.update("runningVariance"));
  }

  /** What is added takes away what there is, so that nothing is left. */
  @Test
  void add_hasBothAddends() {
    Add layer = new Add();
    List<Shape> shapes = List.of(Shape.of(1), Shape.of(1));
    LayerContext context =
        LayerContext.of(1, Mode.TRAINING, Optional.empty(), 1, Map.of())
            .of(new Node("l", layer, List.of("a", "b"), shapes, Shape.of(1)));
    Pass pass = layer.pass(context);
    List<Tensor> inputs = List.of(Tensor.matrix(of(3)), Tensor.matrix(of(-3)));
    assertArrayEquals(of(6), pass.terms().forward(inputs, pass.forward(inputs)).toArray());
    Tensor dout = Tensor.matrix(of(-2));
    List<Tensor> backward = pass.terms().backward(dout, pass.backwardToInputs(dout));
    assertArrayEquals(of(2), backward.get(0).toArray());
    assertArrayEquals(of(2), backward.get(1).toArray());
  }
}
