package org.allclose.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.allclose.EveryLayer;
import org.allclose.LayerSteps;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Mode;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.UnaryPass;
import org.allclose.loss.Targets;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Type;
import org.apache.commons.math3.random.MersenneTwister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GradientCheckTest {

  static Stream<Arguments> layers() {
    return Stream.of(
        layer("dense", Network.input(6), s -> s.dense("fc1", 4)),
        layer("dense of images", Network.input(2, 3), s -> s.dense("fc1", 4, d -> d.bias(false))),
        layer("conv2d", Network.input(2, 5, 6), s -> s.conv2d(3, c -> c.kernel(3, 2))),
        layer(
            "conv2d with stride and padding",
            Network.input(2, 5, 6),
            s -> s.conv2d(3, c -> c.kernel(3, 2).stride(2, 3).padding(3, 1).bias(false))),
        layer("maxPool2d", Network.input(2, 5, 6), s -> s.maxPool2d(2)),
        layer(
            "maxPool2d overlapping", Network.input(2, 5, 6), s -> s.maxPool2d(3, p -> p.stride(1))),
        layer(
            "averagePool2d", Network.input(2, 5, 6), s -> s.averagePool2d(2, p -> p.stride(1, 2))),
        layer("batchNorm", Network.input(5), LayerSteps::batchNorm),
        layer("batchNorm of images", Network.input(2, 3, 4), LayerSteps::batchNorm),
        layer("layerNorm", Network.input(2, 3), LayerSteps::layerNorm),
        layer("groupNorm", Network.input(4, 3, 2), s -> s.groupNorm(2)),
        layer("dropout", Network.input(9), s -> s.dropout(0.6)),
        layer("relu", Network.input(9), LayerSteps::relu),
        layer("leakyRelu", Network.input(9), s -> s.leakyRelu(0.2)),
        layer("elu", Network.input(9), LayerSteps::elu),
        layer("sigmoid", Network.input(9), LayerSteps::sigmoid),
        layer("tanh", Network.input(9), LayerSteps::tanh),
        layer("softplus", Network.input(9), LayerSteps::softplus),
        layer("gelu", Network.input(9), LayerSteps::gelu),
        layer("geluTanh", Network.input(9), LayerSteps::geluTanh),
        layer("softmax", Network.input(9), LayerSteps::softmax),
        layer("reshape", Network.input(4, 3), s -> s.reshape(2, 6).flatten().tanh()),
        layer("residual", Network.input(6), s -> s.residual(f -> f.dense(6).tanh().dense(6))));
  }

  private static Arguments layer(
      String name,
      LayerSteps start,
      java.util.function.Function<LayerSteps, NetworkBuilder> steps) {
    return Arguments.of(name, steps.apply(start).build());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void everyLayer_passes(String name, NetworkSpec spec) {
    Network network = network(spec, 1);
    Tensor x = random(spec.input().prepend(4), 2);
    Tensor upstream = random(spec.output().prepend(4), 3);
    GradientCheck.Report report =
        GradientCheck.of(network)
            .threshold(1e-8)
            .random(() -> new MersenneTwister(5))
            .run(x, upstream);
    assertTrue(report.passes(), report.toString());
  }

  static Stream<Arguments> samples() {
    return EveryLayer.networks().entrySet().stream()
        .filter(network -> network.getValue().parameters().count() < 200)
        .map(network -> Arguments.of(network.getKey(), network.getValue().spec()));
  }

  /** Every sample of every type of layer, and layers that are computed together. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void everySample_passes(String name, NetworkSpec spec) {
    Network network = network(spec, 1);
    GradientCheck.Report report =
        GradientCheck.of(network)
            .threshold(1e-8)
            .random(() -> new MersenneTwister(5))
            .run(EveryLayer.inputs(network, 4), random(spec.output().prepend(4), 3));
    assertTrue(report.passes(), report.toString());
  }

  @Test
  void losses_pass() {
    NetworkBuilder scores = Network.input(5).dense("fc1", 4).tanh().dense("fc2", 3);
    Tensor x = random(Shape.of(6, 5), 2);
    Targets labels = Targets.labels(0, 2, 1, 1, 0, 2);
    Targets values = Targets.values(random(Shape.of(6, 3), 4));
    for (NetworkSpec spec :
        new NetworkSpec[] {
          scores.softmaxLoss().l2(0.1).build(), scores.hingeLoss().l2(0.1).build()
        }) {
      GradientCheck.Report report =
          GradientCheck.of(network(spec, 1)).threshold(1e-7).run(x, labels);
      assertTrue(report.passes(), spec + "\n" + report);
    }
    for (NetworkSpec spec :
        new NetworkSpec[] {
          scores.softmaxLoss().build(),
          scores.meanSquaredError().build(),
          scores.binaryCrossEntropy().build()
        }) {
      GradientCheck.Report report =
          GradientCheck.of(network(spec, 1)).threshold(1e-7).run(x, values);
      assertTrue(report.passes(), spec + "\n" + report);
    }
  }

  @Test
  void directions_areChecked() {
    NetworkSpec spec = Network.input(20).dense("fc1", 30).tanh().dense("fc2", 5).build();
    GradientCheck.Report report =
        GradientCheck.of(network(spec, 1))
            .directions(3, 7)
            .run(random(Shape.of(4, 20), 2), random(Shape.of(4, 5), 3));
    assertTrue(report.passes(), report.toString());
    assertTrue(report.entries().stream().allMatch(entry -> entry.checked() == 3));
  }

  @Test
  void inference_isCheckedInItsMode() {
    NetworkSpec spec = Network.input(5).batchNorm().build();
    Network network = network(spec, 1).withMode(Mode.INFERENCE);
    GradientCheck.Report report =
        GradientCheck.of(network).run(random(Shape.of(4, 5), 2), random(Shape.of(4, 5), 3));
    assertTrue(report.passes(), report.toString());
  }

  @Test
  void kinks_areCounted_andComparedWithBothSides() {
    NetworkSpec spec = Network.input(4).relu().build();
    Tensor x = Tensor.matrix(new double[][] {{0, 3e-6, -4e-7, 1}});
    GradientCheck.Report report =
        GradientCheck.of(network(spec, 1)).run(x, Tensor.matrix(new double[][] {{1, 2, 3, 4}}));
    assertEquals(
        "ok     input: 1 checked, 3 at kinks, worst relative error 0.00e+00 at [0, 0]:"
            + " analytic 0.0, numeric 0.0\n",
        report.toString());
  }

  @Test
  void wrongGradientAtAKink_isFound() {
    UnaryOperator<Tensor> wrong =
        dx -> {
          dx.set(-dx.get(0, 1), 0, 1);
          return dx;
        };
    NetworkSpec spec = Network.input(2).layer("faulty", new Doubling(wrong)).relu().build();
    Tensor x = Tensor.matrix(new double[][] {{1, 1e-7}});
    GradientCheck.Report report =
        GradientCheck.of(network(spec, 1)).run(x, Tensor.matrix(new double[][] {{1, 1}}));
    assertFalse(report.passes());
    assertEquals("[0, 1]", report.entries().get(0).where());
    assertEquals(1, report.entries().get(0).kinks());
  }

  @Test
  void kinksWithinTheLongestStep_areSteppedAround() {
    NetworkSpec spec = Network.input(4).relu().build();
    Tensor x = Tensor.matrix(new double[][] {{1e-4, -2e-5, 5e-6, -9e-4}});
    GradientCheck.Report report =
        GradientCheck.of(network(spec, 1)).run(x, Tensor.matrix(new double[][] {{1, 2, 3, 4}}));
    assertTrue(report.passes(), report.toString());
    assertEquals(4, report.entries().get(0).checked());
  }

  @Test
  void gradientThatIsNotANumber_isFoundWhereverItIs() {
    UnaryOperator<Tensor> wrong =
        dx -> {
          dx.set(Double.NaN, 0, 1);
          return dx;
        };
    NetworkSpec spec = Network.input(4).layer("faulty", new Doubling(wrong)).build();
    GradientCheck.Report report =
        GradientCheck.of(network(spec, 1))
            .run(random(Shape.of(3, 4), 2), Tensor.wrap(Shape.of(3, 4), ones(12)));
    assertFalse(report.passes());
    assertEquals("[0, 1]", report.entries().get(0).where());
  }

  @Test
  void wrongGradient_isFoundAndNamed() {
    UnaryOperator<Tensor> wrong =
        dx -> {
          dx.set(dx.get(1, 2) + 1e-3, 1, 2);
          return dx;
        };
    NetworkSpec spec = Network.input(4).layer("faulty", new Doubling(wrong)).build();
    GradientCheck.Report report =
        GradientCheck.of(network(spec, 1))
            .run(random(Shape.of(3, 4), 2), Tensor.wrap(Shape.of(3, 4), ones(12)));
    assertFalse(report.passes());
    GradientCheck.Report.Entry entry = report.entries().get(0);
    assertEquals("input", entry.name());
    assertEquals("[1, 2]", entry.where());
    assertEquals(2.001, entry.analytic());
    assertEquals(2, entry.numeric(), 1e-9);
    assertTrue(report.toString().startsWith("FAILED input: 12 checked"), report.toString());
  }

  @Test
  void settings_outOfRange_areRefused() {
    GradientCheck check = GradientCheck.of(network(Network.input(4).relu().build(), 1));
    assertEquals(
        "step: expected a finite number above 0 but got 0.0",
        assertThrows(IllegalArgumentException.class, () -> check.step(0)).getMessage());
    assertEquals(
        "threshold: expected a finite number above 0 but got NaN",
        assertThrows(IllegalArgumentException.class, () -> check.threshold(Double.NaN))
            .getMessage());
    assertEquals(
        "directions: expected at least 1 but got 0",
        assertThrows(IllegalArgumentException.class, () -> check.directions(0, 1)).getMessage());
  }

  /** {@code y = 2x}, with a fault in its gradient. */
  private record Doubling(UnaryOperator<Tensor> fault) implements UnaryLayer {
    @Override
    public Type<Doubling> type() {
      return Type.plain(
          "doubling",
          Doubling.class,
          () -> {
            throw new IllegalStateException();
          });
    }

    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public Pass pass(LayerContext binding) {
      return new UnaryPass() {
        @Override
        public Tensor forward(Tensor x) {
          return twice(x);
        }

        @Override
        public Tensor backward(Tensor dout) {
          return fault.apply(twice(dout));
        }
      };
    }

    private static Tensor twice(Tensor x) {
      Tensor y = x.copy();
      for (int i = 0; i < y.size(); i++) {
        y.unwrap()[i] *= 2;
      }
      return y;
    }
  }

  private static Network network(NetworkSpec spec, long seed) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    Random random = new Random(seed);
    for (ParameterSpec parameter : spec.parameters()) {
      double least = parameter.role() == ParameterSpec.Role.WEIGHT ? -1 : 0.5;
      Tensor drawn =
          Tensor.wrap(
              parameter.shape(), random.doubles(parameter.shape().size(), least, 1).toArray());
      boolean isGiven = parameter.role() == ParameterSpec.Role.CONSTANT; // perhaps whole numbers
      values.put(parameter.name(), isGiven ? Tensor.zeros(parameter.shape()) : drawn);
    }
    return spec.bind(Parameters.wrap(values));
  }

  private static Tensor random(Shape shape, long seed) {
    return Tensor.wrap(shape, new Random(seed).doubles(shape.size(), 0.1, 1).toArray());
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }
}
