package org.allclose.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.allclose.LayerSteps;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.init.Constant;
import org.allclose.layer.activation.Dropout;
import org.allclose.layer.activation.Elu;
import org.allclose.layer.activation.Gelu;
import org.allclose.layer.activation.GeluTanh;
import org.allclose.layer.activation.LeakyRelu;
import org.allclose.layer.activation.Relu;
import org.allclose.layer.activation.Sigmoid;
import org.allclose.layer.activation.Softplus;
import org.allclose.layer.activation.Tanh;
import org.allclose.layer.combine.Flatten;
import org.allclose.layer.combine.Reshape;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.image.AveragePool2d;
import org.allclose.layer.image.Conv2d;
import org.allclose.layer.image.MaxPool2d;
import org.allclose.layer.norm.BatchNorm;
import org.allclose.layer.norm.GroupNorm;
import org.allclose.layer.norm.InstanceNorm;
import org.allclose.layer.norm.LayerNorm;
import org.allclose.layer.norm.RmsNorm;
import org.allclose.loss.HingeLoss;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What layers are called, which shapes they give, and what they refuse at the builder's line. */
class LayerSettingsTest {

  static Stream<Arguments> layers() {
    return Stream.of(
        layer(new Conv2d(4), "conv2d(4, kernel 3x3)", "conv2d", "conv", Shape.of(4, 5, 6)),
        layer(
            new Conv2d(4).kernel(5, 1).stride(2, 3).padding(1, 2).bias(false).exact(false),
            "conv2d(4, kernel 5x1, stride 2x3, padding 1x2, no bias)",
            "conv2d",
            "conv",
            Shape.of(4, 3, 4)),
        layer(
            new Conv2d(4).kernel(3, 2).stride(2).padding(1).bias(true).exact(true),
            "conv2d(4, kernel 3x2, stride 2x2, padding 1x1, exact)",
            "conv2d",
            "conv",
            Shape.of(4, 4, 5)),
        layer(
            new MaxPool2d(Extent2d.of(2)),
            "maxPool2d(2x2)",
            "maxPool2d",
            "pool",
            Shape.of(3, 3, 4)),
        layer(
            new MaxPool2d(new Extent2d(3, 2)).stride(2, 3).exact(true),
            "maxPool2d(3x2, stride 2x3, exact)",
            "maxPool2d",
            "pool",
            Shape.of(3, 3, 3)),
        layer(
            new AveragePool2d(Extent2d.of(3)).stride(1),
            "averagePool2d(3x3, stride 1x1)",
            "averagePool2d",
            "averagePool",
            Shape.of(3, 5, 6)),
        layer(
            new AveragePool2d(new Extent2d(1, 4)).exact(true),
            "averagePool2d(1x4, exact)",
            "averagePool2d",
            "averagePool",
            Shape.of(3, 7, 2)),
        same(new BatchNorm(), "batchNorm(epsilon 1.0E-5, momentum 0.9)", "batchNorm"),
        same(new LayerNorm(), "layerNorm(epsilon 1.0E-5)", "layerNorm"),
        same(new GroupNorm(3), "groupNorm(3, epsilon 1.0E-5)", "groupNorm"),
        same(
            new LayerNorm().axes(2).affine(false),
            "layerNorm(epsilon 1.0E-5, axes 2, no affine)",
            "layerNorm"),
        same(
            new GroupNorm(3).affine(false), "groupNorm(3, epsilon 1.0E-5, no affine)", "groupNorm"),
        same(
            new InstanceNorm().affine(true),
            "instanceNorm(epsilon 1.0E-5, affine)",
            "instanceNorm"),
        same(new RmsNorm().axes(1), "rmsNorm(epsilon 1.0E-5, axes 1)", "rmsNorm"),
        same(
            new BatchNorm().affine(false).statistics(false),
            "batchNorm(epsilon 1.0E-5, momentum 0.9, no affine, no statistics)",
            "batchNorm"),
        same(
            new BatchNorm().runningVariance(0),
            "batchNorm(epsilon 1.0E-5, momentum 0.9, running variance 0.0)",
            "batchNorm"),
        same(new Dropout(0.25), "dropout(keep 0.25)", "dropout"),
        same(new Dropout(0.25).seed(4294967295L), "dropout(keep 0.25, seed 4294967295)", "dropout"),
        same(new Relu(), "relu", "relu"),
        same(new LeakyRelu(0.5), "leakyRelu(0.5)", "leakyRelu"),
        same(new Elu(2), "elu(2.0)", "elu"),
        same(new Sigmoid(), "sigmoid", "sigmoid"),
        same(new Tanh(), "tanh", "tanh"),
        same(new Softplus(), "softplus", "softplus"),
        same(new Gelu(), "gelu", "gelu"),
        same(new GeluTanh(), "geluTanh", "geluTanh"),
        layer(new Flatten(), "flatten", "flatten", "flatten", Shape.of(168)),
        layer(
            new Reshape(Shape.of(8, 21)), "reshape(8, 21)", "reshape", "reshape", Shape.of(8, 21)),
        layer(new Dense(5), "dense(5)", "dense", "dense", Shape.of(5)),
        layer(new Dense(5).bias(false), "dense(5, no bias)", "dense", "dense", Shape.of(5)),
        layer(
            new Dense(5).weightNorm(true), "dense(5, weight norm)", "dense", "dense", Shape.of(5)));
  }

  private static Arguments layer(
      Layer layer, String text, String type, String prefix, Shape output) {
    return Arguments.of(layer, text, type, prefix, output);
  }

  private static Arguments same(Layer layer, String text, String type) {
    return Arguments.of(layer, text, type, type, Shape.of(3, 7, 8));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("layers")
  void layer_printsAndNamesItself(
      Layer layer, String text, String type, String prefix, Shape output) {
    assertEquals(text, layer.toString());
    assertEquals(type, layer.type().name());
    assertEquals(prefix, layer.namePrefix());
    assertEquals(output, layer.outputShape(List.of(Shape.of(3, 7, 8))));
  }

  @Test
  void settings_areThoseGiven() {
    Conv2d conv = new Conv2d(4).initializer(new Constant(2)).kernel(2).stride(3).padding(4);
    assertEquals(new Constant(2), conv.initializer().orElseThrow());
    assertEquals(new Constant(2), conv.bias(false).exact(true).initializer().orElseThrow());
    assertEquals(new Constant(2), new Dense(2).initializer(new Constant(2)).initializer().get());
    assertEquals(new Constant(2), conv.parameters(Shape.of(3, 7, 8)).get(0).start().orElseThrow());
    assertEquals(
        List.of(
            ParameterSpec.weight(
                "W",
                Shape.of(4, 3, 3, 3),
                AxisRole.OUT,
                AxisRole.IN,
                AxisRole.KERNEL,
                AxisRole.KERNEL)),
        new Conv2d(4).bias(false).parameters(Shape.of(3, 7, 8)));
    assertEquals(
        new BatchNorm(1e-4, 0.5, 1, true, true), new BatchNorm().epsilon(1e-4).momentum(0.5));
    assertEquals(
        new BatchNorm(1e-5, 0.9, 1, false, false), new BatchNorm().affine(false).statistics(false));
    assertEquals(new LayerNorm(1e-5), new LayerNorm());
    assertEquals(new LayerNorm(1e-4, 2, false), new LayerNorm(1e-4).axes(2).affine(false));
    assertEquals(new RmsNorm(1e-4, 2, false), new RmsNorm().epsilon(1e-4).axes(2).affine(false));
    assertEquals(new GroupNorm(2, 1e-4, true), new GroupNorm(2).epsilon(1e-4));
    assertEquals(new InstanceNorm(1e-4, true), new InstanceNorm().epsilon(1e-4).affine(true));
    assertEquals(0.01, new LeakyRelu().alpha());
    assertEquals(1.0, new Elu().alpha());
    Extent2d one = Extent2d.of(1);
    assertEquals(
        new MaxPool2d(Extent2d.of(2), one, Extent2d.of(0), one, false, false, true),
        new MaxPool2d(Extent2d.of(2)).stride(1).exact(true));
    assertEquals(
        new AveragePool2d(Extent2d.of(2), one, Extent2d.of(0), false, false, true, true),
        new AveragePool2d(Extent2d.of(2)).stride(1).exact(true));
  }

  @Test
  void norms_haveAScaleAShiftAndStatistics() {
    assertEquals(
        List.of(
            new ParameterSpec(
                "v",
                Shape.of(7, 2),
                List.of(AxisRole.IN, AxisRole.OUT),
                ParameterSpec.Role.BIAS,
                Optional.empty()),
            ParameterSpec.scale("g", Shape.of(2), AxisRole.OUT)),
        new Dense(2).bias(false).weightNorm(true).parameters(Shape.of(7)));
    assertEquals(
        List.of(
            ParameterSpec.scale("gamma", Shape.of(3), AxisRole.CHANNEL),
            ParameterSpec.bias("beta", Shape.of(3), AxisRole.CHANNEL),
            ParameterSpec.statistic("runningMean", Shape.of(3), 0, AxisRole.CHANNEL),
            ParameterSpec.statistic("runningVariance", Shape.of(3), 1, AxisRole.CHANNEL)),
        new BatchNorm().parameters(Shape.of(3, 7, 8)));
    assertEquals(
        ParameterSpec.statistic("runningVariance", Shape.of(3), 0, AxisRole.CHANNEL),
        new BatchNorm().runningVariance(0).parameters(Shape.of(3, 7, 8)).get(3));
    assertEquals(
        List.of(
            ParameterSpec.scale("gamma", Shape.of(3, 7), AxisRole.FEATURE, AxisRole.FEATURE),
            ParameterSpec.bias("beta", Shape.of(3, 7), AxisRole.FEATURE, AxisRole.FEATURE)),
        new LayerNorm().parameters(Shape.of(3, 7)));
    assertEquals(
        List.of(
            ParameterSpec.scale("gamma", Shape.of(4), AxisRole.CHANNEL),
            ParameterSpec.bias("beta", Shape.of(4), AxisRole.CHANNEL)),
        new GroupNorm(2).parameters(Shape.of(4, 7, 8)));
    assertEquals(
        List.of(ParameterSpec.scale("gamma", Shape.of(8), AxisRole.FEATURE)),
        new RmsNorm().axes(1).parameters(Shape.of(3, 7, 8)));
    assertEquals(
        List.of(
            ParameterSpec.scale("gamma", Shape.of(7, 8), AxisRole.FEATURE, AxisRole.FEATURE),
            ParameterSpec.bias("beta", Shape.of(7, 8), AxisRole.FEATURE, AxisRole.FEATURE)),
        new LayerNorm().axes(2).parameters(Shape.of(3, 7, 8)));
    assertEquals(
        new LayerNorm().parameters(Shape.of(3, 7, 8)),
        new LayerNorm().axes(3).parameters(Shape.of(3, 7, 8)));
    assertEquals(
        List.of(
            ParameterSpec.statistic("runningMean", Shape.of(3), 0, AxisRole.CHANNEL),
            ParameterSpec.statistic("runningVariance", Shape.of(3), 1, AxisRole.CHANNEL)),
        new BatchNorm().affine(false).parameters(Shape.of(3, 7)));
    assertEquals(List.of(), new InstanceNorm().parameters(Shape.of(3, 7, 8)));
  }

  static Stream<Arguments> misfits() {
    Extent2d two = Extent2d.of(2);
    return Stream.of(
        misfit(
            "layer 2 'c': expected a window of at most 9x8, the padded input, but got 10x1",
            s -> s.relu().conv2d("c", 4, c -> c.kernel(10, 1).padding(1, 0))),
        misfit(
            "layer 1 'conv1': expected a window of at most 7x10, the padded input, but got 1x11",
            s -> s.conv2d(4, c -> c.kernel(1, 11).padding(0, 1))),
        misfit(
            "layer 1 'conv1': expected windows of 3x3 at stride 2x2 to cover the padded input 7x8"
                + " exactly but some is left over",
            s -> s.conv2d(4, c -> c.kernel(3).stride(2).exact(true))),
        misfit(
            "layer 1 'conv1': expected windows of 3x3 at stride 3x1 to cover the padded input 7x8"
                + " exactly but some is left over",
            s -> s.conv2d(4, c -> c.kernel(3).stride(3, 1).exact(true))),
        misfit(
            "layer 2 'conv1': expected input of shape (channels, height, width) but got (168,)",
            s -> s.flatten().conv2d(1, c -> c)),
        misfit(
            "layer 1 'pool1': expected a window of at most 7x8, the padded input, but got 8x8",
            s -> s.maxPool2d(8)),
        misfit(
            "layer 1 'p': expected windows of 2x2 at stride 2x2 to cover the padded input 7x8"
                + " exactly but some is left over",
            s -> s.layer("p", new MaxPool2d(two).exact(true))),
        misfit(
            "layer 1 'p': expected windows of 2x2 at stride 2x2 to cover the padded input 7x8"
                + " exactly but some is left over",
            s -> s.layer("p", new AveragePool2d(two).exact(true))),
        misfit(
            "layer 1 'groupNorm1': expected groups that divide the 3 channels but got 2",
            s -> s.groupNorm(2)),
        misfit(
            "layer 2 'batchNorm1': expected input of shape (features,), (channels, length) or"
                + " (channels, height, width) but got (3, 7, 4, 2)",
            s -> s.reshape(3, 7, 4, 2).batchNorm()),
        misfit(
            "layer 1 'layerNorm1': expected input with at least 4 axes but got (3, 7, 8)",
            s -> s.layerNorm(n -> n.axes(4))),
        misfit(
            "layer 1 'rmsNorm1': expected input with at least 4 axes but got (3, 7, 8)",
            s -> s.rmsNorm(n -> n.axes(4))),
        misfit(
            "layer 2 'instanceNorm1': expected input of shape (channels, ...) but got (168,)",
            s -> s.flatten().instanceNorm()),
        misfit("layer 1: axes: expected at least 0 but got -1", s -> s.layerNorm(n -> n.axes(-1))),
        misfit(
            "layer 1 'softmax1': expected input with an axis 3 but got (3, 7, 8)",
            s -> s.softmax(3)),
        misfit(
            "layer 1 'reshape1': expected input of 169 elements for shape (13, 13) but got (3, 7,"
                + " 8)",
            s -> s.reshape(13, 13)),
        misfit(
            "layer 2 'r': expected inputs of one shape but got [(3, 7, 8), (4, 5, 6)]",
            s -> s.residual("r", f -> f.conv2d(4, c -> c))),
        misfit("layer 1: filters: expected at least 1 but got 0", s -> s.conv2d(0, c -> c)),
        misfit(
            "layer 1: kernel: expected at least 1 in both directions but got 0x3",
            s -> s.conv2d(1, c -> c.kernel(0, 3))),
        misfit(
            "layer 1: stride: expected at least 1 in both directions but got 1x0",
            s -> s.conv2d(1, c -> c.stride(1, 0))),
        misfit(
            "layer 1: padding: expected at least 0 in both directions but got -1x-1",
            s -> s.conv2d(1, c -> c.padding(-1))),
        misfit(
            "layer 1: size: expected at least 1 in both directions but got 0x0",
            s -> s.maxPool2d(0)),
        misfit(
            "layer 1: stride: expected at least 1 in both directions but got 0x1",
            s -> s.maxPool2d(2, p -> p.stride(0, 1))),
        misfit(
            "layer 1: size: expected at least 1 in both directions but got 0x0",
            s -> s.averagePool2d(0)),
        misfit(
            "layer 1: stride: expected at least 1 in both directions but got 1x0",
            s -> s.averagePool2d(2, p -> p.stride(1, 0))),
        misfit("layer 1: groups: expected at least 1 but got 0", s -> s.groupNorm(0)),
        misfit(
            "layer 1: epsilon: expected a finite number above 0 but got 0.0",
            s -> s.batchNorm(n -> n.epsilon(0))),
        misfit(
            "layer 1: momentum: expected a number from 0 to 1 but got 1.5",
            s -> s.batchNorm(n -> n.momentum(1.5))),
        misfit(
            "layer 1: momentum: expected a number from 0 to 1 but got -0.5",
            s -> s.batchNorm(n -> n.momentum(-0.5))),
        misfit(
            "layer 1: keep: expected a probability above 0 and at most 1 but got 0.0",
            s -> s.dropout(0)),
        misfit(
            "layer 1: keep: expected a probability above 0 and at most 1 but got 1.1",
            s -> s.dropout(1.1)));
  }

  private static Arguments misfit(String message, Function<LayerSteps, NetworkBuilder> steps) {
    return Arguments.of(message, steps);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("misfits")
  void layer_thatDoesNotFit_isRefusedWhereItIsAdded(
      String message, Function<LayerSteps, NetworkBuilder> steps) {
    LayerSteps start = Network.input(3, 7, 8);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> steps.apply(start));
    assertEquals(message, e.getMessage());
  }

  @Test
  void settings_outOfRange_areRefused() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String message = "epsilon: expected a finite number above 0 but got " + bad;
      assertMessage(message, () -> new LayerNorm(bad));
      assertMessage(message, () -> new GroupNorm(2).epsilon(bad));
      assertMessage(message, () -> new InstanceNorm().epsilon(bad));
      assertMessage(message, () -> new RmsNorm().epsilon(bad));
    }
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertMessage("alpha: expected a finite number but got " + bad, () -> new LeakyRelu(bad));
      assertMessage("alpha: expected a finite number but got " + bad, () -> new Elu(bad));
      assertMessage("margin: expected a finite number but got " + bad, () -> new HingeLoss(bad));
    }
    for (double bad : new double[] {-1e-9, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertMessage(
          "runningVariance: expected a finite number of at least 0 but got " + bad,
          () -> new BatchNorm().runningVariance(bad));
    }
    for (long bad : new long[] {-1, 1L << 32}) {
      assertMessage(
          "seed: expected a number of 0 to 2^32 - 1 but got " + bad,
          () -> new Dropout(0.5).seed(bad));
    }
    for (double bad : new double[] {-0.1, 1, Double.NaN}) {
      assertMessage(
          "drop: expected a probability of at least 0 and below 1 but got " + bad,
          () -> Dropout.dropping(bad));
    }
  }

  @Test
  void limits_areAllowed() {
    assertEquals(1, new Dropout(1).keep());
    assertEquals(new Dropout(1), Dropout.dropping(0));
    assertEquals(new Dropout(1 - 0.3), Dropout.dropping(0.3));
    assertEquals(0, new BatchNorm().momentum(0).momentum());
    assertEquals(1, new BatchNorm().momentum(1).momentum());
    Shape whole = new Conv2d(2).kernel(7, 8).exact(true).outputShape(Shape.of(3, 7, 8));
    assertEquals(Shape.of(2, 1, 1), whole);
  }

  @Test
  void residual_isABranchAndASum() {
    NetworkSpec spec =
        Network.input(4)
            .residual("r", f -> f.dense("fc1", 4).relu().residual(g -> g.tanh()).dense("fc2", 4))
            .build();
    assertEquals(
        "input(4,) -> r/fc1:dense(4) -> r/relu1:relu -> r/residual1/tanh1:tanh ->"
            + " r/residual1:add of r/relu1 and r/residual1/tanh1 -> r/fc2:dense(4) ->"
            + " r:add of input and r/fc2",
        spec.toString());
    assertEquals(
        List.of("r/fc1/W", "r/fc1/b", "r/fc2/W", "r/fc2/b"),
        spec.parameters().stream().map(ParameterSpec::name).toList());
  }

  /** As the reference: {@code mask = (random.rand(*x.shape) < keep) / keep}, a layer at a time. */
  @Test
  void dropout_drawsLayerAfterLayerAndNothingAtInference() {
    NumpyRandomState stream = NumpyRandomState.seed(231);
    double[] draws = NumpyRandomState.seed(231).rand(6).unwrap();
    Network network =
        Network.input(3)
            .dropout("first", 0.5)
            .dropout("second", 0.8)
            .build()
            .bind(Parameters.of(Map.of()));
    Tensor ones = Tensor.of(Shape.of(1, 3), 1, 1, 1);
    Tensor out = network.withRandom(stream).outputs(ones).get("second");
    for (int i = 0; i < 3; i++) {
      double first = (draws[i] < 0.5 ? 1.0 : 0.0) / 0.5;
      double second = (draws[3 + i] < 0.8 ? 1.0 : 0.0) / 0.8;
      assertEquals(first * second, out.get(0, i));
    }
    assertEquals(ones, network.predict(ones));
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> network.outputs(ones));
    assertEquals(
        "layer 'first': expected a random state to draw from in training mode", e.getMessage());
  }

  /** As cs231n: {@code np.random.seed(seed)} in each layer's forward pass, in test mode too. */
  @Test
  void dropout_withASeed_startsTheStreamAnewInEachLayer() {
    Network network =
        Network.input(3)
            .dropout("first", 0.5, d -> d.seed(123))
            .dropout("second", 0.5, d -> d.seed(4294967295L))
            .build()
            .bind(Parameters.of(Map.of()));
    double[] first = NumpyRandomState.seed(123).rand(3).unwrap();
    NumpyRandomState expected = NumpyRandomState.seed(4294967295L);
    double[] second = expected.rand(3).unwrap();
    NumpyRandomState stream = NumpyRandomState.seed(231);
    Tensor ones = Tensor.of(Shape.of(1, 3), 1, 1, 1);
    for (int pass = 0; pass < 2; pass++) {
      Tensor out = network.withRandom(stream).outputs(ones).get("second");
      for (int i = 0; i < 3; i++) {
        double mask = (first[i] < 0.5 ? 1.0 : 0.0) / 0.5 * ((second[i] < 0.5 ? 1.0 : 0.0) / 0.5);
        assertEquals(mask, out.get(0, i));
      }
    }
    assertEquals(expected.rand(), stream.rand());
    assertEquals(ones, network.withRandom(stream).predict(ones));
    assertEquals(NumpyRandomState.seed(4294967295L).rand(), stream.rand());
    assertEquals(ones, network.predict(ones));
  }

  private static void assertMessage(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
