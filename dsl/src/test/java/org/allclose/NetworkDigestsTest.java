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
import java.util.Map;
import org.allclose.init.Gaussian;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.random.NumpyRandomState;
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

  private static void assertNetwork(
      String name, int batch, NetworkBuilder scores, double l2, double scale) throws IOException {
    String start = "network " + name + " " + batch + " ";
    List<String> recorded = recorded(start);
    assertTrue(recorded.size() >= 9, "too few lines: " + recorded.size());
    NetworkSpec spec = scores.softmaxLoss().l2(l2).build();
    NumpyRandomState random = NumpyRandomState.seed(SEED);
    Network network = spec.bind(draw(spec, random, scale));
    Tensor x = random.randn(spec.input().prepend(batch).toArray());
    int[] labels =
        Arrays.stream(random.randint(0, spec.output().axis(0), batch))
            .mapToInt(Math::toIntExact)
            .toArray();
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
