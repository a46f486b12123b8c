package org.allclose.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.TestData;
import org.allclose.WeightSource;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.image.Conv1d;
import org.allclose.network.NetworkFile;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Type;
import org.junit.jupiter.api.Test;

/**
 * Weights as PyTorch and Keras keep them. {@code torch_weights} and {@code keras_weights} were
 * written by {@code record_torch.py} and {@code record_keras.py}, which also recorded the same
 * models as cases.
 */
class WeightLayoutTest {
  private static final Path KERAS = TestData.folder().resolve("keras_weights");
  private static final Path TORCH = TestData.folder().resolve("torch_weights");

  @Test
  void stateDict_loadsAsItIs() throws IOException {
    for (String model : new String[] {"mlp", "convnet", "normalized"}) {
      Path folder = TestData.fixtures().resolve("torch").resolve(model);
      NetworkSpec spec = NetworkFile.read(folder.resolve("network.json"));
      Parameters expected =
          spec.bind(NumpyWeights.open(folder.resolve("weights.npz"))).parameters();
      for (String suffix : new String[] {".npz", ".safetensors"}) {
        WeightSource source = WeightFiles.open(TORCH.resolve(model + suffix));
        assertEquals(
            expected, spec.bind(WeightLayout.PYTORCH.adapt(source, spec)).parameters(), suffix);
      }
    }
  }

  @Test
  void kerasModels_loadAsTheyAre() throws IOException {
    for (String model : new String[] {"mlp", "convnet", "normalized"}) {
      Path folder = TestData.fixtures().resolve("keras").resolve(model);
      NetworkSpec spec = NetworkFile.read(folder.resolve("network.json"));
      Parameters expected =
          spec.bind(NumpyWeights.open(folder.resolve("weights.npz"))).parameters();
      WeightSource source = WeightFiles.open(KERAS.resolve(model + ".npz"));
      assertEquals(expected, spec.bind(WeightLayout.KERAS.adapt(source, spec)).parameters(), model);
    }
  }

  /**
   * The order of the axes is Keras's by its documentation: Dense (in, out), Conv2D (height, width,
   * channels, filters), and images (height, width, channels) flattened in that order.
   */
  @Test
  void kerasWeights_areTurned() {
    NetworkSpec spec =
        Network.input(2, 3, 2)
            .conv2d("conv", 4, c -> c.kernel(1, 2).padding(0))
            .batchNorm("norm")
            .flatten()
            .dense("fc", 5)
            .build();
    // numpy: k = np.arange(16.).reshape(1, 2, 2, 4); d = np.arange(60.).reshape(12, 5)
    Map<String, Tensor> keras = new LinkedHashMap<>();
    keras.put("conv/kernel:0", counting(1, 2, 2, 4));
    keras.put("conv/bias:0", counting(4));
    keras.put("norm/gamma", counting(4));
    keras.put("norm/beta", counting(4));
    keras.put("norm/moving_mean", counting(4));
    keras.put("norm/moving_variance", counting(4));
    keras.put("fc/kernel", counting(12, 5));
    keras.put("fc/bias", counting(5));
    Parameters ours =
        spec.bind(WeightLayout.KERAS.adapt(Parameters.wrap(keras), spec)).parameters();
    // k.transpose(3, 2, 0, 1)[1, 0, 0, :] and [2, 1, 0, 1]
    assertEquals(1, ours.get("conv/W").get(1, 0, 0, 0));
    assertEquals(9, ours.get("conv/W").get(1, 0, 0, 1));
    assertEquals(14, ours.get("conv/W").get(2, 1, 0, 1));
    // d.reshape(3, 1, 4, 5).transpose(2, 0, 1, 3).reshape(12, 5)[[0, 1, 3, 11], 0]
    assertEquals(0, ours.get("fc/W").get(0, 0));
    assertEquals(20, ours.get("fc/W").get(1, 0));
    assertEquals(5, ours.get("fc/W").get(3, 0));
    assertEquals(55, ours.get("fc/W").get(11, 0));
    assertEquals(counting(4), ours.get("norm/runningVariance"));
  }

  /**
   * PyTorch keeps the weights of a transposed convolution as (channels, filters / groups, height,
   * width), Keras as (height, width, filters, channels); of a convolution in groups as (filters,
   * channels / groups, height, width) and (height, width, channels / groups, filters).
   */
  @Test
  void weightsOfTransposedAndGroupedConvolutions_areTurned() {
    NetworkSpec spec =
        Network.input(4, 3, 5)
            .conv2d("conv", 6, c -> c.kernel(1, 2).groups(2).bias(false))
            .convTranspose2d("up", 8, c -> c.kernel(1, 2).bias(false))
            .build();
    WeightSource torch =
        Parameters.wrap(
            Map.of("conv.weight", counting(6, 2, 1, 2), "up.weight", counting(6, 8, 1, 2)));
    WeightSource ours = WeightLayout.PYTORCH.adapt(torch, spec);
    assertEquals(counting(6, 2, 1, 2), ours.get("conv/W"));
    assertEquals(counting(6, 8, 1, 2), ours.get("up/W"));
    WeightSource keras =
        Parameters.wrap(
            Map.of("conv/kernel", counting(1, 2, 2, 6), "up/kernel", counting(1, 2, 8, 6)));
    ours = WeightLayout.KERAS.adapt(keras, spec);
    // numpy: np.arange(24.).reshape(1, 2, 2, 6).transpose(3, 2, 0, 1)[5, 1, 0, 0]
    assertEquals(11, ours.get("conv/W").get(5, 1, 0, 0));
    // numpy: np.arange(96.).reshape(1, 2, 8, 6).transpose(3, 2, 0, 1)[[1, 5], [2, 7], 0, [0, 1]]
    assertEquals(13, ours.get("up/W").get(1, 2, 0, 0));
    assertEquals(95, ours.get("up/W").get(5, 7, 0, 1));
  }

  @Test
  void kerasDense_thatSeesNoImages_keepsItsRows() {
    NetworkSpec spec = Network.input(2, 2, 3).dense("fc1", 12).dense("fc2", 5).build();
    Map<String, Tensor> keras = new LinkedHashMap<>();
    keras.put("fc1/kernel", counting(12, 12));
    keras.put("fc1/bias", counting(12));
    keras.put("fc2/kernel", counting(12, 5));
    keras.put("fc2/bias", counting(5));
    WeightSource ours = WeightLayout.KERAS.adapt(Parameters.wrap(keras), spec);
    assertEquals(counting(12, 5), ours.get("fc2/W"));
    // numpy: np.arange(144.).reshape(2, 3, 2, 12).transpose(2, 0, 1, 3).reshape(12, 12)[1, 0]
    assertEquals(24, ours.get("fc1/W").get(1, 0));
  }

  @Test
  void ownLayout_isTakenAsItIs() {
    NetworkSpec spec = Network.input(3).dense("fc", 2).build();
    Parameters source = Parameters.wrap(Map.of("fc/W", counting(3, 2), "fc/b", counting(2)));
    assertEquals(
        source, Parameters.of(asMap(WeightLayout.CS231N.adapt(source, spec), "fc/W", "fc/b")));
  }

  @Test
  void blocksOfResidualNetworks_areNamedByTheirPath() {
    NetworkSpec spec = Network.input(3).residual("block", body -> body.dense("fc", 3)).build();
    Parameters source =
        Parameters.wrap(Map.of("block.fc.weight", counting(3, 3), "block.fc.bias", counting(3)));
    assertEquals(3, WeightLayout.PYTORCH.adapt(source, spec).get("block/fc/W").get(0, 1));
  }

  /** {@code self.positions = nn.Parameter(torch.zeros(2, 3))} in a module called encoder. */
  @Test
  void parametersOfAModuleItself_haveItsPathAsName() {
    NetworkSpec spec =
        Network.input(2, 3)
            .parameter("encoder/positions", 2, 3)
            .add("input", "encoder/positions")
            .build();
    Parameters source = Parameters.wrap(Map.of("encoder.positions", counting(2, 3)));
    assertEquals(
        counting(2, 3), WeightLayout.PYTORCH.adapt(source, spec).get("encoder/positions/value"));
  }

  @Test
  void namesOfAnotherLayout_areToldToBe() {
    NetworkSpec spec = Network.input(3).dense("fc", 2).build();
    Parameters torch =
        Parameters.wrap(ordered("fc.weight", counting(2, 3), "fc.bias", counting(2)));
    assertEquals(
        "parameters: expected parameters [fc/W, fc/b] but got [fc.weight, fc.bias]; missing [fc/W,"
            + " fc/b]; unused [fc.weight, fc.bias]; layout PYTORCH would fit",
        refusal(WeightLayout.CS231N, torch, spec));
    assertEquals(
        "parameters: expected parameters [fc/kernel:0, fc/bias:0] in layout KERAS but got"
            + " [fc.weight, fc.bias]; missing [fc/kernel:0, fc/bias:0]; unused [fc.weight,"
            + " fc.bias]; layout PYTORCH would fit",
        refusal(WeightLayout.KERAS, torch, spec));
  }

  @Test
  void shapesOfAnotherLayout_areToldToBe() {
    NetworkSpec spec = Network.input(3).dense("fc", 2).build();
    assertEquals(
        "parameters!fc/W: expected shape (3, 2) but got (2, 3); layout PYTORCH would fit",
        refusal(
            WeightLayout.CS231N,
            Parameters.wrap(ordered("fc/W", counting(2, 3), "fc/b", counting(2))),
            spec));
    // Both other layouts have a dense W as (in, out), so neither is named.
    assertEquals(
        "parameters!fc.weight: expected shape (2, 3) in layout PYTORCH for 'fc/W' of shape (3, 2)"
            + " but got (3, 2)",
        refusal(
            WeightLayout.PYTORCH,
            Parameters.wrap(ordered("fc.weight", counting(3, 2), "fc.bias", counting(2))),
            spec));
  }

  @Test
  void shapesOfNoLayout_areNotGuessed() {
    NetworkSpec spec = Network.input(3).dense("fc", 2).build();
    assertEquals(
        "parameters!fc/W: expected shape (3, 2) but got (6,)",
        refusal(
            WeightLayout.CS231N,
            Parameters.wrap(ordered("fc/W", counting(6), "fc/b", counting(2))),
            spec));
  }

  @Test
  void convolutionInTheLayoutOfKeras_isToldToBe() {
    NetworkSpec spec = Network.input(3, 5, 5).conv2d("conv", 4, c -> c.kernel(2)).build();
    assertEquals(
        "parameters!conv/W: expected shape (4, 3, 2, 2) but got (2, 2, 3, 4); layout KERAS would"
            + " fit",
        refusal(
            WeightLayout.CS231N,
            Parameters.wrap(ordered("conv/W", counting(2, 2, 3, 4), "conv/b", counting(4))),
            spec));
  }

  @Test
  void batchCounts_areIgnoredWhereTheyBelongToBatchNorm() {
    NetworkSpec spec = Network.input(3).dense("fc", 2).build();
    Parameters source =
        Parameters.wrap(
            ordered(
                "fc.weight", counting(2, 3),
                "fc.bias", counting(2),
                "fc.num_batches_tracked", counting()));
    assertEquals(
        "parameters: expected parameters [fc.weight, fc.bias] in layout PYTORCH but got [fc.weight,"
            + " fc.bias, fc.num_batches_tracked]; unused [fc.num_batches_tracked]",
        refusal(WeightLayout.PYTORCH, source, spec));
  }

  /** A layer of a user's own, whose parameters no framework's layout knows. */
  private record Own(String parameter, Shape shape) implements UnaryLayer {
    @Override
    public Type<Own> type() {
      return Type.plain(
          "own",
          Own.class,
          () -> {
            throw new IllegalStateException();
          });
    }

    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
      return List.of(
          ParameterSpec.weight(
              parameter,
              shape,
              Collections.nCopies(shape.rank(), AxisRole.FEATURE).toArray(AxisRole[]::new)));
    }

    @Override
    public Pass pass(LayerContext binding) {
      throw new UnsupportedOperationException("it is bound alone");
    }
  }

  @Test
  void layersThatNoFrameworkHas_areRefused() {
    // A parameter of PReLU's was taken for running_var, and one of three axes for a layer norm.
    for (Own own : List.of(new Own("alpha", Shape.of(3)), new Own("W", Shape.of(4, 3, 2)))) {
      NetworkSpec spec = Network.input(3).layer("x", own).build();
      for (WeightLayout layout : List.of(WeightLayout.PYTORCH, WeightLayout.KERAS)) {
        assertEquals(
            "layer 'x': expected a type of layer whose parameters layout "
                + layout
                + " knows but got 'own' with '"
                + own.parameter
                + "'",
            refusal(layout, Parameters.wrap(Map.of("x.running_var", counting(3))), spec));
      }
      Tensor tensor = Tensor.zeros(own.shape);
      Parameters source = Parameters.wrap(Map.of("x/" + own.parameter, tensor));
      assertEquals(tensor, WeightLayout.CS231N.adapt(source, spec).get("x/" + own.parameter));
    }
  }

  @Test
  void kernelsOfConv1d_areNoKernelsOfOthers() {
    NetworkSpec dense = Network.input(6).dense("fc", 4).build();
    assertEquals(
        "parameters!fc/kernel: expected shape (6, 4) in layout KERAS for 'fc/W' of shape (6, 4) but"
            + " got (2, 3, 4)",
        refusal(
            WeightLayout.KERAS,
            Parameters.wrap(ordered("fc/kernel", counting(2, 3, 4), "fc/bias", counting(4))),
            dense));
    NetworkSpec conv = Network.input(3, 1, 5).conv2d("conv", 4, c -> c.kernel(1, 2)).build();
    assertEquals(
        "parameters!conv/kernel: expected shape (1, 2, 3, 4) in layout KERAS for 'conv/W' of shape"
            + " (4, 3, 1, 2) but got (2, 3, 4)",
        refusal(
            WeightLayout.KERAS,
            Parameters.wrap(ordered("conv/kernel", counting(2, 3, 4), "conv/bias", counting(4))),
            conv));
    assertEquals(
        "parameters!conv.weight: expected shape (4, 3, 1, 2) in layout PYTORCH for 'conv/W' of"
            + " shape (4, 3, 1, 2) but got (4, 3, 2)",
        refusal(
            WeightLayout.PYTORCH,
            Parameters.wrap(ordered("conv.weight", counting(4, 3, 2), "conv.bias", counting(4))),
            conv));
  }

  @Test
  void parametersThatTheLayerDoesNotHave_areRefused() {
    NetworkSpec spec = Network.input(3).layerNorm("norm").build();
    assertEquals(
        "parameters: expected parameters [norm.weight, norm.bias] in layout PYTORCH but got"
            + " [norm.weight, norm.bias, norm.running_var]; unused [norm.running_var]",
        refusal(
            WeightLayout.PYTORCH,
            Parameters.wrap(
                ordered(
                    "norm.weight", counting(3),
                    "norm.bias", counting(3),
                    "norm.running_var", counting(3))),
            spec));
  }

  @Test
  void renaming_byMapAndByPattern() {
    Parameters source =
        Parameters.wrap(ordered("model.0.weight", counting(2, 3), "model.0.bias", counting(2)));
    WeightSource byPattern = RenamedWeights.of(source, "model\\.(\\d+)\\.(.*)", "fc$1.$2");
    assertEquals(Set.of("fc0.weight", "fc0.bias"), byPattern.names());
    assertEquals(counting(2), byPattern.get("fc0.bias"));
    WeightSource byMap = RenamedWeights.of(source, Map.of("model.0.weight", "W"));
    assertEquals(Set.of("W", "model.0.bias"), byMap.names());
    assertEquals(counting(2, 3), byMap.get("W"));
    assertEquals("parameters", byMap.description());
  }

  @Test
  void renaming_thatCannotBe_isRefused() {
    Parameters source = Parameters.wrap(ordered("a", counting(1), "b", counting(1)));
    assertRefused(
        "parameters: expected one of [a, b] to rename but got 'c'",
        () -> RenamedWeights.of(source, Map.of("c", "d")));
    assertRefused(
        "parameters: expected names that stay apart but both 'a' and 'b' become 'b'",
        () -> RenamedWeights.of(source, Map.of("a", "b")));
    assertRefused(
        "parameters: expected a name that matches 'c.*' but got [a, b]",
        () -> RenamedWeights.of(source, "c.*", "d"));
    assertRefused(
        "rename: expected a regular expression but got '('",
        () -> RenamedWeights.of(source, "(", "d"));
    assertRefused(
        "rename: expected groups of 'a' in '$1'", () -> RenamedWeights.of(source, "a", "$1"));
    assertRefused(
        "parameters: expected one of [c, b] but got 'a'",
        () -> RenamedWeights.of(source, "a", "c").get("a"));
  }

  private static String refusal(WeightLayout layout, WeightSource source, NetworkSpec spec) {
    return assertThrows(IllegalArgumentException.class, () -> layout.adapt(source, spec))
        .getMessage();
  }

  private static void assertRefused(
      String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static Map<String, Tensor> asMap(WeightSource source, String... names) {
    Map<String, Tensor> map = new LinkedHashMap<>();
    for (String name : names) {
      map.put(name, source.get(name));
    }
    return map;
  }

  private static Map<String, Tensor> ordered(Object... namesAndTensors) {
    Map<String, Tensor> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTensors.length; i += 2) {
      map.put((String) namesAndTensors[i], (Tensor) namesAndTensors[i + 1]);
    }
    return map;
  }

  /** Returns {@code np.arange(...).reshape(axes)}. */
  private static Tensor counting(int... axes) {
    Tensor tensor = Tensor.zeros(Shape.of(axes));
    for (int i = 0; i < tensor.size(); i++) {
      tensor.unwrap()[i] = i;
    }
    return tensor;
  }

  /** In Keras a sequence is (length, channels), and so are the rows behind its Flatten. */
  @Test
  void rowsBehindSequences_comeWithChannelsLast() {
    NetworkSpec spec =
        Network.input(2, 4).layer("c", new Conv1d(3).kernel(2)).flatten().dense("fc", 1).build();
    Tensor rows = counting(9, 1);
    Parameters source =
        Parameters.wrap(
            ordered(
                "c/kernel", counting(2, 2, 3),
                "c/bias", counting(3),
                "fc/kernel", rows,
                "fc/bias", counting(1)));
    Tensor ours = WeightLayout.KERAS.adapt(source, spec).get("fc/W");
    for (int filter = 0; filter < 3; filter++) {
      for (int place = 0; place < 3; place++) {
        assertEquals(rows.get(place * 3 + filter, 0), ours.get(filter * 3 + place, 0));
      }
    }
  }

  /** Each part of a concatenation is in its own order: two images, and features as they are. */
  @Test
  void rowsBehindAConcatenation_arePutInOrderPartByPart() {
    NetworkSpec spec =
        Network.inputs(in -> in.image("p", 2, 2, 3).image("q", 3, 1, 2).values("t", 4))
            .flatten("f1")
            .from("q")
            .flatten("f2")
            .concat("f1", "f2", "t")
            .dense("fc", 1)
            .build();
    Tensor rows = counting(22, 1);
    Parameters source = Parameters.wrap(ordered("fc/kernel", rows, "fc/bias", counting(1)));
    Tensor ours = WeightLayout.KERAS.adapt(source, spec).get("fc/W");
    for (int i = 0; i < 12; i++) {
      assertEquals(rows.get(i % 6 * 2 + i / 6, 0), ours.get(i, 0));
    }
    for (int i = 0; i < 6; i++) {
      assertEquals(rows.get(12 + i % 2 * 3 + i / 2, 0), ours.get(12 + i, 0));
    }
    for (int i = 18; i < 22; i++) {
      assertEquals(rows.get(i, 0), ours.get(i, 0));
    }
  }
}
