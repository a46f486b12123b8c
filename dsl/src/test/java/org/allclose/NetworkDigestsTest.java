package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.allclose.init.Gaussian;
import org.allclose.layer.Mode;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.layer.activation.Elu;
import org.allclose.layer.activation.LeakyRelu;
import org.allclose.layer.image.AveragePool2d;
import org.allclose.layer.image.MaxPool2d;
import org.allclose.layer.norm.GroupNorm;
import org.allclose.layer.norm.LayerNorm;
import org.allclose.loss.HingeLoss;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Compares whole networks, and convolutions of many shapes, with the reference: no bit may differ.
 *
 * <p>Recipe: {@code python3 testdata/reference/network_digests.py}, which says how inputs are drawn
 * and what is hashed.
 */
class NetworkDigestsTest {
  private static final Path FILE =
      Path.of(System.getProperty("allclose.testdata")).resolve("digests/networks.txt");
  private static final int SEED = 231;

  private static final NetworkBuilder CONVNET =
      Network.input(3, 32, 32)
          .conv2d("conv1", 32, c -> c.kernel(7).padding(3))
          .relu()
          .maxPool2d(2)
          .dense("fc1", 100)
          .relu()
          .dense("fc2", 10);

  private static final NetworkBuilder ODD_CONVNET =
      Network.input(3, 31, 29)
          .conv2d("conv1", 33, c -> c.kernel(5).padding(2))
          .relu()
          .maxPool2d(2)
          .dense("fc1", 7)
          .relu()
          .dense("fc2", 3);

  private static final NetworkBuilder RESIDUAL_NET =
      Network.input(3, 32, 32)
          .conv2d("conv1", 8, c -> c.padding(1))
          .batchNorm("norm1")
          .relu()
          .residual("block1", steps -> block(steps, 8))
          .relu()
          .conv2d("conv2", 16, c -> c.padding(1).stride(2))
          .residual("block2", steps -> block(steps, 16))
          .relu()
          .averagePool2d(16)
          .dense("fc1", 10);

  private static NetworkBuilder block(LayerSteps steps, int filters) {
    return steps
        .conv2d("conv1", filters, c -> c.padding(1).bias(false))
        .batchNorm("norm1")
        .relu()
        .conv2d("conv2", filters, c -> c.padding(1).bias(false))
        .batchNorm("norm2");
  }

  @Test
  void convnet_of50Samples_equalsTheReference() throws IOException {
    assertNetwork("convnet_3x32x32-c32k7-p2-100-10", 50, CONVNET, 1e-3, 0.03);
  }

  @Test
  void convnet_ofFewSamples_equalsTheReference() throws IOException {
    assertNetwork("convnet_3x32x32-c32k7-p2-100-10", 1, CONVNET, 0, 0.03);
    assertNetwork("convnet_3x32x32-c32k7-p2-100-10", 3, CONVNET, 0, 0.03);
  }

  @Test
  void convnet_ofOddSizes_equalsTheReference() throws IOException {
    assertNetwork("convnet_3x31x29-c33k5-p2-7-3", 5, ODD_CONVNET, 0, 0.1);
  }

  @Test
  void residualNet_withBatchNorm_equalsTheReference() throws IOException {
    assertNetwork("resnet_3x32x32-c8-c16-10", 6, RESIDUAL_NET, 1e-2, 0.1);
  }

  @Test
  void convolutions_equalTheReference() throws IOException {
    List<String> recorded = recorded("conv2d ");
    assertTrue(recorded.size() >= 25, "too few lines: " + recorded.size());
    for (int threads : new int[] {1, 2, 3}) {
      assertEquals(recorded, recorded.stream().map(line -> convolution(line, threads)).toList());
    }
  }

  /** The layers by the names of the record. */
  private static Map<String, NetworkBuilder> layers() {
    Map<String, NetworkBuilder> layers = new LinkedHashMap<>();
    layers.put("dense", Network.input(4, 3).dense("layer", 5));
    layers.put("dense-plain", Network.input(7).dense("layer", 5, d -> d.bias(false)));
    layers.putAll(ConvolutionNetworks.all());
    layers.put("dense-last", Network.input(7, 30).dense("layer", 13, d -> d.last(true)));
    layers.put("maxPool2d", image().maxPool2d("layer", 2));
    layers.put(
        "maxPool2d-overlapping",
        image().layer("layer", new MaxPool2d(new Extent2d(3, 2)).stride(1, 2)));
    layers.put("averagePool2d", image().averagePool2d("layer", 2));
    layers.put(
        "averagePool2d-overlapping",
        image().layer("layer", new AveragePool2d(new Extent2d(3, 2)).stride(2, 1)));
    layers.put("batchNorm", Network.input(9).batchNorm("layer"));
    layers.put("batchNorm-images", image().batchNorm("layer", n -> n.epsilon(1e-3).momentum(0.7)));
    layers.put("batchNorm-sequences", Network.input(5, 6).batchNorm("layer"));
    layers.put(
        "batchNorm-plain", image().batchNorm("layer", n -> n.affine(false).statistics(false)));
    layers.put("layerNorm", Network.input(9).layerNorm("layer"));
    layers.put("layerNorm-images", image().layer("layer", new LayerNorm(1e-3)));
    layers.put("layerNorm-last", Network.input(5, 6).layerNorm("layer", n -> n.axes(1)));
    layers.put("groupNorm", Network.input(4, 3, 5).groupNorm("layer", 2));
    layers.put(
        "groupNorm-epsilon", Network.input(4, 3, 5).layer("layer", new GroupNorm(4).epsilon(1e-3)));
    layers.put("instanceNorm", image().instanceNorm("layer"));
    layers.put(
        "instanceNorm-affine", Network.input(5, 6).instanceNorm("layer", n -> n.affine(true)));
    layers.put("rmsNorm", Network.input(9).rmsNorm("layer"));
    layers.put("rmsNorm-last", image().rmsNorm("layer", n -> n.axes(1).epsilon(1e-3)));
    layers.put("dropout", Network.input(9).dropout("layer", 0.6));
    layers.put("relu", Network.input(9).relu("layer"));
    layers.put("leakyRelu", Network.input(9).layer("layer", new LeakyRelu()));
    layers.put("leakyRelu-alpha", Network.input(9).leakyRelu("layer", 0.3));
    layers.put("elu", Network.input(9).elu("layer"));
    layers.put("elu-alpha", Network.input(9).layer("layer", new Elu(1.7)));
    layers.put("sigmoid", Network.input(9).sigmoid("layer"));
    layers.put("tanh", Network.input(9).tanh("layer"));
    layers.put("softplus", Network.input(9).softplus("layer"));
    layers.put(
        "softplus-beta", Network.input(9).softplus("layer", s -> s.beta(1.7).threshold(0.5)));
    layers.put("gelu", Network.input(9).gelu("layer"));
    layers.put("geluTanh", Network.input(9).geluTanh("layer"));
    layers.put("softmax", Network.input(9).softmax("layer"));
    layers.put("positionalEncoding", Network.input(300, 6).positionalEncoding("layer"));
    layers.put("rotaryEmbedding", Network.input(300, 6).rotaryEmbedding("layer"));
    layers.put("reshape", Network.input(4, 6).reshape(3, 8).flatten().tanh());
    layers.put(
        "residual",
        Network.input(6).residual("layer", f -> f.dense("fc1", 6).relu().dense("fc2", 6)));
    return layers;
  }

  private static LayerSteps image() {
    return Network.input(3, 7, 8);
  }

  @Test
  void layers_inBothModes_equalTheReference() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, NetworkBuilder> entry : layers().entrySet()) {
      NetworkSpec spec = entry.getValue().build();
      for (Mode mode : new Mode[] {Mode.TRAINING, Mode.INFERENCE}) {
        NumpyRandomState random = NumpyRandomState.seed(SEED);
        Network network =
            spec.bind(draw(spec, random, 0.5))
                .withMode(mode)
                .withRandom(NumpyRandomState.seed(SEED));
        Tensor x = random.randn(spec.input().prepend(5).toArray());
        Evaluation e = network.backward(x, random.randn(spec.output().prepend(5).toArray()));
        List<Tensor> results = new ArrayList<>(List.of(e.scores(), e.inputGradient()));
        for (ParameterSpec parameter : spec.parameters()) {
          Parameters from = parameter.role() == Role.STATISTIC ? e.statistics() : e.gradients();
          if (from.names().contains(parameter.name())) {
            results.add(from.get(parameter.name()));
          }
        }
        String name = mode.name().toLowerCase(Locale.ROOT);
        lines.add("layer " + entry.getKey() + " " + name + " " + digest(results));
      }
    }
    assertEquals(new TreeSet<>(recorded("layer ")), new TreeSet<>(lines));
  }

  @Test
  void losses_equalTheReference() throws IOException {
    Map<String, NetworkSpec> losses = new LinkedHashMap<>();
    NetworkBuilder scores = Network.input(5).dense("layer", 6);
    losses.put("softmax-probabilities", scores.softmaxLoss().build());
    losses.put("hinge", scores.hingeLoss().build());
    losses.put("hinge-margin", scores.loss(new HingeLoss(0.3)).l2(0.1).build());
    losses.put("meanSquaredError", scores.meanSquaredError().l2(0.1).build());
    losses.put("binaryCrossEntropy", scores.binaryCrossEntropy().build());
    List<String> lines = new ArrayList<>();
    losses.forEach(
        (name, spec) -> {
          NumpyRandomState random = NumpyRandomState.seed(SEED);
          Network network = spec.bind(draw(spec, random, 0.5));
          Tensor x = random.randn(7, 5);
          Targets targets =
              name.startsWith("hinge")
                  ? Targets.labels(labels(random, 6, 7))
                  : Targets.values(random.rand(7, 6));
          Evaluation e = network.evaluate(x, targets);
          List<Tensor> results =
              new ArrayList<>(List.of(e.scores(), Tensor.scalar(e.loss()), e.inputGradient()));
          results.addAll(e.gradients().asMap().values());
          lines.add("loss " + name + " " + digest(results));
        });
    assertEquals(recorded("loss "), lines);
  }

  private static int[] labels(NumpyRandomState random, int classes, int count) {
    return Arrays.stream(random.randint(0, classes, count)).mapToInt(Math::toIntExact).toArray();
  }

  private static void assertNetwork(
      String name, int batch, NetworkBuilder scores, double l2, double scale) throws IOException {
    String start = "network " + name + " " + batch + " ";
    List<String> recorded = recorded(start);
    assertTrue(recorded.size() >= 9, "too few lines: " + recorded.size());
    NetworkSpec spec = scores.softmaxLoss().l2(l2).build();
    NumpyRandomState random = NumpyRandomState.seed(SEED);
    Network network = spec.bind(draw(spec, random, scale));
    Tensor x = random.randn(spec.input().prepend(batch).toArray());
    int[] labels = labels(random, spec.output().axis(0), batch);
    Evaluation e = network.evaluate(x, labels);
    Map<String, Tensor> results = new LinkedHashMap<>();
    results.put("scores", e.scores());
    results.put("loss", Tensor.scalar(e.loss()));
    results.put("dx", e.inputGradient());
    results.putAll(e.gradients().asMap());
    results.putAll(e.statistics().asMap());
    List<String> lines = new ArrayList<>();
    for (String line : recorded) {
      String tensor = line.substring(start.length(), line.lastIndexOf(' '));
      lines.add(start + tensor + " " + digest(List.of(results.remove(tensor))));
    }
    assertEquals(recorded, lines);
    assertEquals(Map.of(), results, "not recorded");
  }

  /** Returns a line of a convolution with the digest that is computed here. */
  private static String convolution(String line, int threads) {
    String[] words = line.split(" ", -1);
    int[] kernel = numbers(words[5]);
    int[] stride = numbers(words[6]);
    int[] padding = numbers(words[7]);
    NetworkSpec spec =
        Network.input(
                Integer.parseInt(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]))
            .conv2d(
                "conv1",
                Integer.parseInt(words[4]),
                c ->
                    c.kernel(kernel[0], kernel[1])
                        .stride(stride[0], stride[1])
                        .padding(padding[0], padding[1])
                        .bias(words[8].equals("bias")))
            .build();
    int batch = Integer.parseInt(words[9]);
    NumpyRandomState random = NumpyRandomState.seed(SEED);
    Network network = spec.bind(draw(spec, random, 0.5)).withThreads(threads);
    Tensor x = random.randn(spec.input().prepend(batch).toArray());
    Evaluation e = network.backward(x, random.randn(spec.output().prepend(batch).toArray()));
    List<Tensor> results = new ArrayList<>(List.of(e.scores(), e.inputGradient()));
    results.addAll(e.gradients().asMap().values());
    words[10] = digest(results);
    return String.join(" ", words);
  }

  private static int[] numbers(String pair) {
    return Arrays.stream(pair.split("x", -1)).mapToInt(Integer::parseInt).toArray();
  }

  /** Draws weights as an initializer does, then something to add to everything else. */
  private static Parameters draw(NetworkSpec spec, NumpyRandomState random, double scale) {
    Parameters parameters = spec.initialize(random, Gaussian.std(scale)).parameters();
    for (ParameterSpec parameter : spec.parameters()) {
      if (parameter.role() != Role.WEIGHT) {
        double[] values = parameters.get(parameter.name()).unwrap();
        for (int i = 0; i < values.length; i++) {
          values[i] += 0.3 * random.rand();
        }
      }
    }
    return parameters;
  }

  private static String digest(List<Tensor> tensors) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Tensor tensor : tensors) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(tensor.unwrap());
        digest.update(bytes.array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> recorded(String start) throws IOException {
    return Files.readAllLines(FILE).stream().filter(line -> line.startsWith(start)).toList();
  }
}
