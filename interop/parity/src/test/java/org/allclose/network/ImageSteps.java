package org.allclose.network;

import static org.allclose.Network.input;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.TestData;
import org.allclose.init.Gaussian;
import org.allclose.layer.Mode;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;

/**
 * The steps of a task of {@code testdata/reference/record_cs231n_images.py}, and what was recorded
 * of them.
 */
final class ImageSteps {
  private static final int SEED = 231;
  private static final double SCALE = 0.3;

  private final NumpyRandomState random = NumpyRandomState.seed(SEED);
  private final List<String> steps = new ArrayList<>();

  NumpyRandomState random() {
    return random;
  }

  /** The layers that tasks on images have in common. */
  static NetworkBuilder convolutions() {
    return input(3, 8, 8)
        .conv2d("conv1", 4, c -> c.padding(1))
        .relu("relu1")
        .maxPool2d("pool", 2)
        .conv2d("conv2", 6, c -> c.padding(1))
        .relu("relu2");
  }

  /** Returns a network with parameters that are drawn from the seed's stream. */
  Network network(NetworkSpec spec) {
    return spec.initialize(random, Gaussian.std(SCALE)).withMode(Mode.INFERENCE);
  }

  void note(Tensor images, double... scores) {
    steps.add(digest(images) + " " + Arrays.toString(scores));
  }

  void note(Tensor images, Tensor scores) {
    note(images, scores.unwrap());
  }

  private static String digest(Tensor tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(tensor.unwrap(), 0, tensor.size());
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The network is the recorded one, and so is each step. */
  void assertRecorded(String name, NetworkSpec spec) throws IOException {
    String text = Files.readString(TestData.folder().resolve("cs231n_images/" + name + ".json"));
    JsonObject recorded = JsonParser.parseString(text).getAsJsonObject();
    assertEquals(NetworkFile.parse("network", recorded.get("network").toString()), spec);
    List<String> expected = new ArrayList<>();
    recorded.getAsJsonArray("steps").forEach(step -> expected.add(text(step.getAsJsonObject())));
    assertEquals(expected, steps);
  }

  private static String text(JsonObject step) {
    List<Double> scores = new ArrayList<>();
    step.getAsJsonArray("scores").forEach(score -> scores.add(Double.valueOf(score.getAsString())));
    return step.get("image").getAsString() + " " + scores;
  }
}
